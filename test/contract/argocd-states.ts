import { configMap, deployment } from '@sluice/testbed/argocd/scratch-repository';
import {
  app,
  background,
  blocked,
  create,
  failing,
  frozen,
  hookRetry,
  image,
  multiSource,
  type State,
  sleep,
  synced,
  until,
  web,
  withHealth,
} from './argocd-stage.ts';

/** The states that the stand-in reaches by itself. */
export const states: readonly State[] = [
  {
    recorded: 'app-outofsync-missing',
    async produce(stage) {
      await create(stage, 'missing', 'plain');
      return stage.call('GET', `${app('missing')}?refresh=normal`);
    },
  },
  {
    recorded: 'app-healthy-synced',
    async produce(stage) {
      await synced(stage, 'healthy');
      await sleep(150);
      return stage.call('GET', app('healthy'));
    },
  },
  {
    recorded: 'app-progressing',
    produce: (stage) => withHealth(stage, 'progressing', 'Progressing', 'Waiting for rollout to finish'),
  },
  {
    recorded: 'app-degraded',
    produce: (stage) =>
      withHealth(stage, 'degraded', 'Degraded', 'Deployment "web" exceeded its progress deadline'),
  },
  {
    recorded: 'app-suspended-paused',
    produce: (stage) => withHealth(stage, 'suspended', 'Suspended', 'Deployment is paused'),
  },
  {
    recorded: 'app-outofsync-drift',
    async produce(stage) {
      await synced(stage, 'drift');
      stage.argocd.setLiveImage('drift', 'web', image('9.9.9'));
      await sleep(20);
      return stage.call('GET', app('drift'));
    },
  },
  {
    recorded: 'managed-resources-drift',
    async produce(stage) {
      await synced(stage, 'drift-resources');
      stage.argocd.setLiveImage('drift-resources', 'web', image('9.9.9'));
      return stage.call('GET', `${app('drift-resources')}/managed-resources`);
    },
  },
  {
    recorded: 'resource-tree',
    async produce(stage) {
      await synced(stage, 'tree');
      stage.argocd.setHealth('tree', 'web', 'Progressing', 'Waiting for rollout to finish');
      return stage.call('GET', `${app('tree')}/resource-tree`);
    },
  },
  {
    recorded: 'app-selfhealed',
    async produce(stage) {
      await synced(stage, 'healed');
      await stage.argocd.updateSpec('healed', (spec) => ({
        ...spec,
        syncPolicy: { ...spec.syncPolicy, automated: { selfHeal: true } },
      }));
      stage.argocd.timing.rollout = 5_000;
      stage.argocd.setLiveImage('healed', 'web', image('9.9.9'));
      await sleep(150);
      await stage.argocd.idle('healed');
      stage.argocd.timing.rollout = 100;
      return stage.call('GET', app('healed'));
    },
  },
  {
    recorded: 'app-healthy-synced-autosync',
    async produce(stage) {
      await create(stage, 'automatic', 'plain', { automated: { selfHeal: true } });
      await stage.argocd.idle('automatic');
      await sleep(150);
      return stage.call('GET', app('automatic'));
    },
    except: {
      'status.history[].initiatedBy.username': 'the recorded application had been synced by hand before',
    },
  },
  {
    recorded: 'sync-accepted',
    async produce(stage) {
      stage.argocd.timing.operation = 50;
      await create(stage, 'hooks', 'hooks');
      const accepted = await stage.call('POST', `${app('hooks')}/sync`, {
        revision: 'main',
        prune: true,
        infos: [{ name: 'gha-run', value: 'o/r/123/1' }],
        retryStrategy: { limit: 2, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
      });
      stage.argocd.timing.operation = 5;
      return accepted;
    },
  },
  {
    recorded: 'app-sync-running-hook',
    async produce(stage) {
      await create(stage, 'hook-hangs', 'hooks');
      stage.argocd.faults.hooks('hook-hangs', 'hang');
      await stage.call('POST', `${app('hook-hangs')}/sync`, {
        prune: true,
        infos: [{ name: 'gha-run', value: 'o/r/123/1' }],
        retryStrategy: { limit: 2, backoff: { duration: '5s', factor: 2, maxDuration: '3m' } },
      });
      return until(stage, 'hook-hangs', '"hook":true');
    },
  },
  {
    recorded: 'app-sync-running-retry-scheduled',
    async produce(stage) {
      await synced(stage, 'hook-retries', 'hooks');
      stage.argocd.faults.hooks('hook-retries', 'fail');
      stage.argocd.timing.retryScale = 1;
      await stage.call('POST', `${app('hook-retries')}/sync`, { retryStrategy: hookRetry });
      const answer = await until(stage, 'hook-retries', 'Retrying attempt #1');
      stage.argocd.timing.retryScale = 0.01;
      return answer;
    },
  },
  {
    recorded: 'app-sync-failed-hook',
    async produce(stage) {
      await synced(stage, 'hook-fails', 'hooks');
      stage.argocd.faults.hooks('hook-fails', 'fail');
      await stage.call('POST', `${app('hook-fails')}/sync`, { retryStrategy: hookRetry });
      await stage.argocd.idle('hook-fails');
      return stage.call('GET', app('hook-fails'));
    },
    except: {
      'status.resources[].group': 'the failed Job had been deleted by hand in the recording',
      'status.resources[].health.status': 'as above',
      'status.resources[].health.message': 'as above',
      'status.resources[].hook': 'as above',
      'status.resources[].requiresPruning': 'as above',
    },
  },
  {
    recorded: 'app-sync-failed-apply',
    async produce(stage) {
      await failing(stage, 'apply-fails', {});
      await stage.call('POST', `${app('apply-fails')}/sync`, {});
      await stage.argocd.idle('apply-fails');
      return stage.call('GET', app('apply-fails'));
    },
  },
  {
    recorded: 'app-syncerror-autosync',
    async produce(stage) {
      const retry = { limit: 1, backoff: { duration: '1s', factor: 1, maxDuration: '5s' } };
      await failing(stage, 'auto-fails', {});
      await stage.call('POST', `${app('auto-fails')}/sync`, {});
      await stage.argocd.idle('auto-fails');
      await stage.argocd.updateSpec('auto-fails', (spec) => ({
        ...spec,
        syncPolicy: { automated: {}, retry, syncOptions: ['CreateNamespace=true', ...background] },
      }));
      return stage.call('GET', app('auto-fails'));
    },
  },
  {
    recorded: 'app-sync-failed-unknown-kind',
    async produce(stage) {
      const retry = { limit: 1, backoff: { duration: '1s', factor: 1, maxDuration: '5s' } };
      stage.repository.commit({
        'widget/widget.yaml': 'apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\n',
        'widget/configmap.yaml': configMap('web-settings', 'blue'),
        'widget/deployment.yaml': deployment('web', image('1.0.0')),
      });
      await create(stage, 'unknown-kind', 'widget', {
        automated: true,
        retry,
        syncOptions: ['CreateNamespace=true', ...background],
      });
      await stage.argocd.idle('unknown-kind');
      return stage.call('GET', app('unknown-kind'));
    },
  },
  {
    recorded: 'app-comparisonerror-missing-path',
    async produce(stage) {
      await create(stage, 'no-path', 'nosuch', { syncOptions: ['CreateNamespace=true'] });
      return stage.call('GET', app('no-path'));
    },
    except: { 'spec.syncPolicy.syncOptions[]': 'an option of this test' },
  },
  {
    recorded: 'app-comparisonerror-missing-repo',
    async produce(stage) {
      await create(stage, 'no-repository', 'plain', { repoURL: 'http://127.0.0.1:9/none.git' });
      return stage.call('GET', app('no-repository'));
    },
    except: { 'spec.syncPolicy.syncOptions[]': 'an option of this test' },
  },
  {
    recorded: 'app-comparisonerror-bad-manifest',
    async produce(stage) {
      stage.repository.commit({ 'badyaml/configmap.yaml': 'data:\n  list: [a, b\nkind: ConfigMap\n' });
      await create(stage, 'bad-yaml', 'badyaml');
      return stage.call('GET', app('bad-yaml'));
    },
  },
  {
    recorded: 'app-sync-error-comparison',
    async produce(stage) {
      await create(stage, 'no-path-sync', 'nosuch');
      await stage.call('POST', `${app('no-path-sync')}/sync`, {});
      await stage.argocd.idle('no-path-sync');
      return stage.call('GET', app('no-path-sync'));
    },
    except: {
      'spec.syncPolicy.syncOptions[]': 'an option of this test',
      'status.operationState.operation.sync.syncOptions[]': 'as above',
    },
  },
  {
    recorded: 'app-outofsync-prune-skipped',
    async produce(stage) {
      stage.repository.commit({
        'prune/deployment.yaml': deployment('web', image('1.0.0')),
        'prune/configmap.yaml': configMap('web-settings', 'blue'),
      });
      await create(stage, 'prune', 'prune');
      stage.argocd.faults.refuseApply('prune', 'web', 'not yet');
      await stage.call('POST', `${app('prune')}/sync`, {});
      await stage.argocd.idle('prune');
      stage.argocd.faults.refuseApply('prune', 'web', undefined);
      stage.repository.commit({ 'prune/configmap.yaml': undefined });
      stage.argocd.timing.rollout = 5_000;
      await stage.call('POST', `${app('prune')}/sync`, {});
      await stage.argocd.idle('prune');
      stage.argocd.timing.rollout = 100;
      return stage.call('GET', app('prune'));
    },
  },
  {
    recorded: 'app-outofsync-window-deny',
    async produce(stage) {
      await frozen(stage, 'window');
      return stage.call('GET', app('window'));
    },
  },
  {
    recorded: 'syncwindows-deny',
    async produce(stage) {
      await frozen(stage, 'window-list');
      return stage.call('GET', `${app('window-list')}/syncwindows`);
    },
  },
  {
    recorded: 'app-sync-running-blocked-by-window',
    async produce(stage) {
      await blocked(stage, 'window-blocks');
      return stage.call('GET', app('window-blocks'));
    },
  },
  {
    recorded: 'app-terminating-stuck-in-window',
    async produce(stage) {
      await blocked(stage, 'window-stuck');
      await stage.call('DELETE', `${app('window-stuck')}/operation`);
      await sleep(60);
      return stage.call('GET', app('window-stuck'));
    },
  },
  {
    recorded: 'sync-dryrun-accepted',
    async produce(stage) {
      await synced(stage, 'dry');
      stage.repository.commit({ 'plain/configmap.yaml': configMap('web-settings', 'green') });
      await stage.call('GET', `${app('dry')}?refresh=normal`);
      return stage.call('POST', `${app('dry')}/sync`, { dryRun: true });
    },
  },
  {
    recorded: 'app-after-dryrun-sync',
    async produce(stage) {
      await sleep(150);
      await stage.argocd.idle('dry');
      return stage.call('GET', app('dry'));
    },
  },
  {
    recorded: 'sync-multisource',
    async produce(stage) {
      await multiSource(stage, 'multi2');
      return stage.call('POST', `${app('multi2')}/sync`, {
        revisions: ['main'],
        sourcePositions: [2],
        prune: false,
      });
    },
  },
  {
    recorded: 'app-multisource-synced',
    async produce(stage) {
      await multiSource(stage, 'multi');
      stage.argocd.timing.rollout = 5_000;
      await stage.call('POST', `${app('multi')}/sync`, {});
      await stage.argocd.idle('multi');
      stage.argocd.timing.rollout = 100;
      return stage.call('GET', app('multi'));
    },
  },
  {
    recorded: 'manifests-at-revision',
    async produce(stage) {
      const commit = stage.repository.commit(web('1.2.0'));
      await create(stage, 'rendered', 'plain');
      return stage.call('GET', `${app('rendered')}/manifests?revision=${commit}`);
    },
  },
  {
    recorded: 'revision-metadata',
    async produce(stage) {
      const commit = stage.repository.commit({}, 'release: web 1.2.0');
      await create(stage, 'metadata', 'plain');
      return stage.call('GET', `${app('metadata')}/revisions/${commit}/metadata`);
    },
  },
  {
    recorded: 'list-with-fields',
    async produce(stage) {
      const fields =
        'items.metadata.name,items.spec.project,items.status.sync.status,items.status.health,items.status.operationState.phase';
      await synced(stage, 'wh');
      return stage.call('GET', `/api/v1/applications?fields=${fields}&name=wh`);
    },
  },
];
