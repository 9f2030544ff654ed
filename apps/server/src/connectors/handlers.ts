import type { Handlers } from '../http/handlers.ts'
import type { RunningConnectors } from './running-connectors.ts'

type ConnectorRoute = 'listConnectors' | 'testConnector' | 'sweepConnectors'

/** The routes of connectors. */
export function connectorHandlers(connectors: RunningConnectors): Pick<Handlers, ConnectorRoute> {
  return {
    listConnectors: async () => ({ items: [...connectors.list()] }),
    testConnector: async ({ params }) => {
      const checks = await connectors.test(params.connector)
      return { checks: checks.map((check) => ({ ...check, group: 'containment' as const })) }
    },
    sweepConnectors: async ({ caller }) => {
      const { items, unasked } = await connectors.sweep(caller.name)
      return { items: [...items], unasked: [...unasked] }
    },
  }
}
