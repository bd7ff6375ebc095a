/** repo-server, Git or the cluster away or too busy: a state of the platform, not of the commit. */
const TRANSIENT = [
  // gRPC and Go
  /code = (Unavailable|DeadlineExceeded|Canceled)\b/,
  /\bdial tcp\b|i\/o timeout|context (deadline exceeded|canceled)|no such host|server misbehaving|broken pipe/,
  /(Client\.Timeout|Timeout) exceeded|TLS handshake timeout|(Get|Post|Head) "[^"]*": (unexpected )?EOF|error reading from server/,
  // curl and Git
  /connection (refused|reset|timed out)|no route to host|network is unreachable|operation timed out/i,
  /could not resolve host|failure in name resolution|failed to connect to|gnutls|SSL_(ERROR_SYSCALL|connect)/i,
  /hung up unexpectedly|early EOF|RPC failed|unexpected disconnect|internal server error|\.lock': File exists/i,
  /(status code|returned error|response|HTTP)[: ]+(408|429|5\d\d)\b|too many requests|rate limit exceeded/i,
  // Kubernetes, and what the repo-server runs
  /error synchronizing cache state|currently unable to handle the request|failed (timeout after|signal: killed)/,
];

/** Kustomize, Helm, Jsonnet, and Argo CD's reading of YAML, in their own words: the same input gives the same error again. */
const OF_RENDERER =
  /kustomize build|helm template|evaluate jsonnet|\byaml: |error (converting YAML|unmarshaling JSON)|failed to unmarshal|app path (does not exist|is )|Object 'Kind' is missing/i;

/** Whether a message speaks of what may pass by itself. */
export const isPassing = (message: string): boolean => TRANSIENT.some((words) => words.test(message));

/** Whether a message is a renderer's: of the commit, then, and not of the platform. */
export const isOfRenderer = (message: string): boolean => OF_RENDERER.test(message);
