import { agentIdOf } from '@holdfast/model'

/** The agent id under which the product's own records stand in the log. */
export const CONTROL_AGENT = agentIdOf({ kind: 'host', service: 'holdfast' })
