import { KubernetesResponder } from '@holdfast/connectors'
import type { Responder } from '@holdfast/respond'
import type { UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Logger } from 'pino'
import type { ConnectorsConfig } from '../connectors/config.ts'
import { policyClusters } from '../connectors/open-responders.ts'
import type { Outbox } from '../notices/outbox.ts'
import type { ViewsClient } from '../views/client.ts'
import { aroundAgents } from './around.ts'
import { standings } from './handlers.ts'
import { PlacedKeeper } from './placed-keeper.ts'
import { PolicyBook } from './policy-book.ts'
import { PolicyKeeper } from './policy-keeper.ts'
import { policiesInForce } from './policy-records.ts'
import { Simulations } from './simulations.ts'

type Given = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: ViewsClient
  readonly folder: string
  readonly connectors: ConnectorsConfig
  /** Systems that the server may act in; clusters among them are asked what policies they hold. */
  readonly systems: readonly Responder[]
  readonly notices: Outbox
  /** Where agents send their telemetry: no policy may cut it off. */
  readonly collector: Parameters<typeof aroundAgents>[0]['collector']
  readonly clock: () => UnixNano
  readonly logger: Logger
}

/** Generated policies with what replays them, what stands around the agents, and what looks after those in force. */
export function openPolicies(given: Given) {
  const { recorder, reader, views, folder, connectors, systems, notices, collector, clock, logger } = given
  const book = new PolicyBook({ recorder, reader, clock })
  const simulations = new Simulations({ folder })
  const policies = {
    book,
    ...policiesInForce(() => book.state),
    simulations,
    clusters: policyClusters(connectors),
    around: aroundAgents({
      sources: systems.filter((system) => system instanceof KubernetesResponder),
      collector,
      onError: (error, source) => logger.warn({ err: error, source }, 'policies in force could not be read'),
    }),
  }
  const placed = new PlacedKeeper({
    ...policies,
    notices,
    onKept: (failure) => logger.error({ failure }, 'a cluster keeps a policy that is not enforced'),
    onUnseen: (failure) => logger.warn({ failure }, 'it could not be looked what a cluster holds'),
  })
  const keeper = new PolicyKeeper({
    book,
    notices,
    standingOf: standings({ views, policies }),
    onError: (error) => logger.error({ err: error }, 'policies in force could not be looked after'),
  })
  const keepers = {
    start: (): void => {
      keeper.start()
      placed.start()
    },
    [Symbol.asyncDispose]: async (): Promise<void> => {
      await using stack = new AsyncDisposableStack()
      stack.use(simulations)
      stack.use(placed)
      stack.use(keeper)
    },
  }
  return { policies, keepers }
}
