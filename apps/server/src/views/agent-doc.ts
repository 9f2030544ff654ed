import { isApplicationAgent } from '@holdfast/capture'
import { contentsOf } from '@holdfast/graph'
import { type EventBody, outranks, type LogEntry } from '@holdfast/model'
import { NAMES_PER_AGENT, UNMAPPED_KEYS_PER_AGENT } from '../limits.ts'
import type { AgentDoc } from './docs.ts'
import type { FoldInput } from './fold-input.ts'

/** An agent of whom nothing is counted yet. */
export function newAgent(entry: LogEntry): AgentDoc {
  const at = entry.recordedAt.toString()
  return {
    id: entry.envelope.agent,
    name: entry.envelope.agentName,
    class: 'unclassified',
    entries: 0,
    mappedEntries: 0,
    conversations: 0,
    members: [],
    versions: [],
    channels: [],
    clocks: [],
    tier: entry.envelope.tier,
    firstRecorded: at,
    lastRecorded: at,
    dialects: [],
    unmapped: [],
    unmappedBeyond: 0,
    contents: [],
  }
}

/** Logs of authorities, in which people and services stand beside agents. */
const AUTHORITY_LOGS: ReadonlySet<AgentDoc['channels'][number]> = new Set([
  'cloudtrail',
  'kubernetes-audit',
  'gcp-audit',
  'azure-activity',
  'entra-audit',
  'openai-audit',
  'anthropic-audit',
])

/** True for what only an authority speaks of: a principal, or the documents of an account. An application of a directory is listed among the agents. An agent tells something itself, or is seen. */
export function isPrincipal({ id, channels }: AgentDoc): boolean {
  if (channels.length === 0 || isApplicationAgent(id)) return false
  return channels.every((channel) => AUTHORITY_LOGS.has(channel)) || id.endsWith('/authority')
}

/** Counts one entry. `repeated`: the same events were counted already, by another way in or encoding, and are not again. */
export function addToAgent(doc: AgentDoc, input: FoldInput, { repeated }: { readonly repeated: boolean }): void {
  const { envelope, recordedAt } = input.entry
  if (BigInt(doc.lastRecorded) < recordedAt) doc.lastRecorded = recordedAt.toString()
  if (BigInt(doc.firstRecorded) > recordedAt) doc.firstRecorded = recordedAt.toString()
  // The least of its names, so that it does not matter which came first.
  if (envelope.agentName < doc.name) doc.name = envelope.agentName
  if (outranks(envelope.tier, doc.tier)) doc.tier = envelope.tier
  addName(doc.channels, envelope.channel)
  addName(doc.clocks, envelope.clock)
  addName(doc.versions, input.events[0]?.agent.version)
  for (const event of input.events) addName(doc.members, event.agent.member)
  if (!repeated) countEntry(doc, input)
}

function countEntry(doc: AgentDoc, input: FoldInput): void {
  doc.entries += 1
  const first = input.events[0]
  if (first !== undefined)
    count(doc.dialects, `${first.source.dialect}\n${first.source.instrumentation}`, NAMES_PER_AGENT)
  if (input.events.some((event) => event.body.kind !== 'step' || event.body.mapped)) doc.mappedEntries += 1
  for (const key of input.unmapped) if (!count(doc.unmapped, key, UNMAPPED_KEYS_PER_AGENT)) doc.unmappedBeyond += 1
  for (const { body } of input.events)
    if (!BESIDE_THE_AGENT.has(body.kind))
      for (const { content } of contentsOf(body)) count(doc.contents, content.state, 5)
}

/** Texts that others have of an agent: of one that sends no prompt, its command line and what declares it say nothing of that. */
const BESIDE_THE_AGENT: ReadonlySet<EventBody['kind']> = new Set(['process', 'declaration', 'api-call'])

function addName<T extends string>(names: T[], name: T | undefined): void {
  if (name === undefined || names.includes(name) || names.length >= NAMES_PER_AGENT) return
  names.push(name)
  names.sort()
}

/** False where the bound was reached and the name is a new one. */
function count<T extends string>(counts: [T, number][], name: T, bound: number): boolean {
  const known = counts.find(([key]) => key === name)
  if (known !== undefined) known[1] += 1
  else if (counts.length < bound) counts.push([name, 1])
  else return false
  return true
}
