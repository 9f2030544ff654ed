import type { LogReader, Recorder } from '@holdfast/recorder'
import type { CapturePolicy, UnixNano } from '@holdfast/model'
import type { Logger } from 'pino'
import { callLater } from '../call-later.ts'
import type { ConnectorsConfig } from '../connectors/config.ts'
import { watchedClusters } from '../connectors/open-responders.ts'
import { readSecret } from '../connectors/secrets.ts'
import type { GapCounter } from '../gap-counter.ts'
import type { Outbox } from '../notices/outbox.ts'
import type { ViewsClient } from '../views/client.ts'
import { DriftSignals } from './drift-signals.ts'
import { ClusterWatch } from './sources/cluster-watch.ts'
import { GitHook } from './sources/git-hook.ts'

type Given = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: ViewsClient
  readonly notices: Outbox
  readonly connectors: ConnectorsConfig
  readonly gaps: GapCounter
  readonly policy: () => CapturePolicy | undefined
  readonly clock: () => UnixNano
  readonly logger: Logger
}

/** The stream of drift signals, and what tells of changes that may explain one: Git hosts and clusters. */
export function openDrift({ recorder, reader, views, notices, connectors, gaps, policy, clock, logger }: Given) {
  const signals = new DriftSignals({ recorder, reader, views, notices, clock, later: callLater, logger })
  const gitHook = new GitHook({
    hooks: connectors.changes.git.map((hook) => ({ ...hook, key: readSecret(hook.secret) })),
    recorder,
    gaps,
    policy,
  })
  const clusters = new ClusterWatch({
    clusters: watchedClusters(connectors),
    recorder,
    policy,
    nowMs: Date.now,
    later: callLater,
    logger,
  })
  return {
    signals,
    gitHook,
    start: (): void => {
      signals.start()
      clusters.start()
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await using stack = new AsyncDisposableStack()
      stack.use(signals)
      stack.use(clusters)
    },
  }
}
