import type { Script } from '@holdfast/testkit'

/** One of two agents that keep reports: they differ in one system call and in whom they deliver to. */
export type EnvelopeAgent = {
  readonly name: 'archivist' | 'sealer'
  /** Tool that only this one uses in its ordinary work, and the system call behind it. */
  readonly tool: 'point_latest' | 'seal_report'
  readonly call: string
  /** Whom it delivers to, by name and port. */
  readonly host: string
  readonly address: string
}

export const DELIVERY_PORT = 443

/** The archivist points a link at its newest report, the sealer makes its report read-only. */
export const ENVELOPE_AGENTS: readonly [EnvelopeAgent, EnvelopeAgent] = [
  {
    name: 'archivist',
    tool: 'point_latest',
    call: 'symlink',
    host: 'archive.example.test',
    address: '203.0.113.10',
  },
  {
    name: 'sealer',
    tool: 'seal_report',
    call: 'fchmod',
    host: 'notary.example.test',
    address: '203.0.113.11',
  },
]

/** What the model asks for: an agent's own two steps, or those of both agents, which is what each is tried with. */
export function envelopeScript(): Script {
  const call = (name: string, host?: string) => ({
    toolCalls: [{ name, arguments: host === undefined ? {} : { host } }],
  })
  return {
    rules: ENVELOPE_AGENTS.flatMap((own) => {
      const system = `You are the ${own.name} of a reporting desk`
      const [other] = ENVELOPE_AGENTS.filter(({ name }) => name !== own.name)
      if (other === undefined) return []
      const trial = `try everything as ${own.name}`
      return [
        { when: { system, user: trial, afterTool: `deliver_${other.name}` }, reply: { text: 'All was tried.' } },
        { when: { system, user: trial, afterTool: `deliver_${own.name}` }, reply: call(`deliver_${other.name}`) },
        { when: { system, user: trial, afterTool: other.tool }, reply: call(`deliver_${own.name}`) },
        { when: { system, user: trial, afterTool: own.tool }, reply: call(other.tool) },
        { when: { system, afterTool: `deliver_${own.name}` }, reply: { text: 'The report is delivered.' } },
        { when: { system, afterTool: own.tool }, reply: call(`deliver_${own.name}`) },
        { when: { system }, reply: call(own.tool) },
      ]
    }),
  }
}
