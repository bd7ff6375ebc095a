// The real parts of the end-to-end rig in one program: they share most of their packages, so one link is
// cheaper than five. As in a busybox, the name of the file decides which part runs.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	"k8s.io/klog/v2"
	kubeapiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kustomize "sigs.k8s.io/kustomize/kustomize/v5/commands"

	controller "github.com/argoproj/argo-cd/v3/cmd/argocd-application-controller/commands"
	appsets "github.com/argoproj/argo-cd/v3/cmd/argocd-applicationset-controller/commands"
	askpass "github.com/argoproj/argo-cd/v3/cmd/argocd-git-ask-pass/commands"
	notifications "github.com/argoproj/argo-cd/v3/cmd/argocd-notification/commands"
	reposerver "github.com/argoproj/argo-cd/v3/cmd/argocd-repo-server/commands"
	server "github.com/argoproj/argo-cd/v3/cmd/argocd-server/commands"
	argocli "github.com/argoproj/argo-cd/v3/cmd/argocd/commands"
	argolog "github.com/argoproj/argo-cd/v3/util/log"
)

var argocd = map[string]func() *cobra.Command{
	"argocd":                           argocli.NewCommand,
	"argocd-server":                    server.NewCommand,
	"argocd-application-controller":    controller.NewCommand,
	"argocd-applicationset-controller": appsets.NewCommand,
	"argocd-notifications":             notifications.NewCommand,
	"argocd-repo-server":               reposerver.NewCommand,
	"argocd-git-ask-pass":              askpass.NewCommand,
}

func main() {
	name := filepath.Base(os.Args[0])
	// The repo server calls `argocd` with this variable set when Git asks for a password.
	if called := os.Getenv("ARGOCD_BINARY_NAME"); called != "" {
		name = called
	}
	var err error
	switch name {
	case "kube-apiserver":
		os.Exit(cli.Run(kubeapiserver.NewAPIServerCommand()))
	case "kustomize":
		err = kustomize.NewDefaultCommand().Execute()
	default:
		newCommand, known := argocd[name]
		if !known {
			fmt.Fprintf(os.Stderr, "no part is called %q\n", name)
			os.Exit(2)
		}
		klog.SetLogger(argolog.NewLogrusLogger(argolog.NewWithCurrentConfig()))
		err = newCommand().Execute()
	}
	if err != nil {
		os.Exit(1)
	}
}
