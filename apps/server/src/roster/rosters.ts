import { dataRulesOf, dataRulesSchema, type Answer, type Body } from '@holdfast/api'
import {
  DATA_RULES,
  approvalKey,
  refusalsOf,
  rosterEntryOf,
  rosterOf,
  type RosterRecord,
  type RosterState,
} from '@holdfast/declare'
import { AGENT_CLASSES, formatRfc3339, parseRfc3339 } from '@holdfast/model'
import type { ApprovedTools, DataRules, EndProof, RosterDecision, UnixNano } from '@holdfast/model'
import { isPattern } from '@holdfast/proxy'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import { admissionText, isSignedBy, openRosterDocument, rosterText } from './document.ts'
import { NOT_ADMITTED_SHOWN, PROOF_AGE_NANOS, ROSTER_MOST } from './limits.ts'
import { parseRoster } from './parse-roster.ts'
import { rosterRecord } from './roster-log.ts'

export type RosterSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'signDocument' | 'publicKey' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'control'>
  readonly clock: () => UnixNano
}

/** Who may run. Put together from the decisions in the log; a new one is in the log before it takes effect (FC3). */
export class Rosters {
  readonly #sources: RosterSources
  /** What people decided. */
  readonly #records: RosterRecord[] = []
  /** Whoever asks to start makes one of these: the newest {@link NOT_ADMITTED_SHOWN}, the oldest first. */
  readonly #notAdmitted: RosterRecord[] = []
  #known: RosterState | undefined

  constructor(sources: RosterSources) {
    this.#sources = sources
    for (const entry of sources.reader.controls('roster')) this.#keep(rosterRecord(entry))
  }

  /** Put together when it is asked for: an import of thousands of entries would do so after each. */
  get #state(): RosterState {
    return (this.#known ??= rosterOf(this.#records))
  }

  wire(): Answer<'getRoster'> {
    const { recorder } = this.#sources
    const { mode, isKept, agents, tools, dataRules, decidedBy } = this.#state
    const key = recorder.publicKey()
    const decided = (of: string) => {
      const { at = '', by = '', reason = '', entry = 0 } = decidedBy.get(of) ?? {}
      return { at, by, reason, entry }
    }
    return {
      mode,
      kept: isKept,
      agents: agents.map((one) => ({
        ...one,
        peers: [...one.peers],
        dataClasses: [...one.dataClasses],
        decided: decided(one.agent),
      })),
      tools: tools.map((one) => ({ ...one, tools: [...one.tools], decided: decided(approvalKey(one)) })),
      ...(dataRules === undefined
        ? {}
        : { dataRules: { rules: dataRulesSchema.parse(dataRules), decided: decided(DATA_RULES) } }),
      notAdmitted: this.#notAdmitted.flatMap(({ decision, at, entry }) => {
        if (decision.do !== 'not-admitted') return []
        const { agent, outcome, reasons, fault } = decision
        return [{ agent, outcome, reasons: [...reasons], at, entry, ...(fault === undefined ? {} : { fault }) }]
      }),
      document: recorder.signDocument(
        rosterText(this.#state, { origin: key.split('+')[0] ?? '', size: recorder.size }),
      ),
      key,
    }
  }

  /** Who answers for the agent of any of these names; undefined where the roster has none of them. */
  ownerOf(names: readonly string[]): string | undefined {
    return rosterEntryOf(this.#state, names)?.owner
  }

  /**
   * The version that stood before the one that is pinned now; undefined where the roster never had another. A version that was
   * gone back from is none of them: it may be the one that was compromised.
   */
  versionBefore(agent: string): string | undefined {
    const stood: string[] = []
    for (const { decision } of this.#records) {
      const version = versionOf(decision, agent)
      if (version === undefined) continue
      const known = stood.indexOf(version)
      if (known < 0) stood.push(version)
      else stood.length = known + 1
    }
    return stood.at(-2)
  }

  async decide({ decision, reason }: Body<'decideRoster'>, by: string): Promise<Answer<'decideRoster'>> {
    if (decision.do === 'add') {
      const fault = entryFault(decision.entry)
      if (fault !== undefined) throw new HttpError(400, fault)
      const retired = this.#state.agents.find(({ state, key }) => state === 'retired' && key === decision.entry.key)
      if (retired !== undefined)
        throw new HttpError(
          409,
          `this is the key of ${retired.agent}, which is retired: an agent needs a key of its own`,
        )
      if (this.#state.agents.length >= ROSTER_MOST) throw new HttpError(409, `${ROSTER_MOST} agents are in the roster`)
    }
    if (decision.do === 'data-rules') {
      const rules = dataRulesOf(decision.rules)
      const fault = dataRulesFault(rules)
      if (fault !== undefined) throw new HttpError(400, fault)
      return { entry: await this.#write({ do: 'data-rules', rules }, reason, by) }
    }
    if (decision.do === 'pin' || decision.do === 'retire') this.#find(decision.agent)
    if (decision.do === 'pin' && this.#find(decision.agent).state === 'retired')
      throw new HttpError(409, `${decision.agent} is retired: add it anew`)
    return { entry: await this.#write(decision, reason, by) }
  }

  /** Records what somebody approved; the caller has read it from the inventory. */
  async approve(approved: readonly ApprovedTools[], reason: string, by: string): Promise<Answer<'approveTools'>> {
    const written: Answer<'approveTools'>['approved'] = []
    for (const one of approved) {
      const entry = await this.#write({ do: 'approve-tools', approved: one }, reason, by)
      written.push({ ...one, tools: [...one.tools], entry })
    }
    return { approved: written }
  }

  /** Adds what a document of the named key holds; what the roster has beside it stays. */
  async import({ document, key, reason }: Body<'importRoster'>, by: string): Promise<Answer<'importRoster'>> {
    const json = openRosterDocument(document, key)
    if (json === undefined)
      throw new HttpError(400, 'it is no roster document, or its signature by that key does not hold')
    const roster = parseRoster(json)
    if (roster === undefined) throw new HttpError(400, 'the document holds no roster that can be read')
    if (roster.agents.length + roster.tools.length > ROSTER_MOST)
      throw new HttpError(413, `a document may hold ${ROSTER_MOST} agents and approvals`)
    for (const entry of roster.agents) {
      const fault = entryFault(entry)
      if (fault !== undefined) throw new HttpError(400, `${entry.agent.slice(0, 100)}: ${fault}`)
    }
    const ruleFault = roster.dataRules === undefined ? undefined : dataRulesFault(roster.dataRules)
    if (ruleFault !== undefined) throw new HttpError(400, ruleFault)
    const why = `${reason} (imported from ${key.slice(0, 200)})`.slice(0, 1_000)
    let entry = 0
    for (const { state, ...one } of roster.agents) {
      entry = await this.#write({ do: 'add', entry: one }, why, by)
      if (state === 'retired') entry = await this.#write({ do: 'retire', agent: one.agent }, why, by)
    }
    for (const approved of roster.tools) entry = await this.#write({ do: 'approve-tools', approved }, why, by)
    if (roster.dataRules !== undefined)
      entry = await this.#write({ do: 'data-rules', rules: roster.dataRules }, why, by)
    // Last: a roster that closes before its agents are in it would refuse them.
    entry = await this.#write({ do: 'mode', mode: roster.mode }, why, by)
    return { agents: roster.agents.length, tools: roster.tools.length, entry }
  }

  /** Whether an agent may start as it presents itself. What is not admitted is on record before it is told. */
  async admit({ agent, version, proof }: Body<'admitAgent'>, by: string): Promise<Answer<'admitAgent'>> {
    if (!this.#state.isKept) return { status: 'admitted', reasons: [] }
    const entry = rosterEntryOf(this.#state, [agent])
    const proven =
      entry === undefined || proof === undefined
        ? 'unproven'
        : this.#proven({ agent, version, key: entry.key, ...proof })
    const reasons = refusalsOf(this.#state, { names: [agent], version, proof: proven })
    if (reasons.length === 0) return { status: 'admitted', reasons: [] }
    // Who was retired does not come back under its name, and nobody bears that of another, whatever the mode.
    const isAlways = entry?.state === 'retired' || proven === 'wrong-key'
    const outcome = this.#state.mode === 'closed' || isAlways ? 'refused' : 'reported'
    const fault = proven === 'wrong-key' ? { fault: 'impersonation' as const } : {}
    const decision = { do: 'not-admitted', agent, outcome, reasons, ...fault } as const
    const written = await this.#write(decision, 'an agent was to start', by)
    return { status: outcome, reasons: [...reasons], entry: written }
  }

  #proven(told: {
    readonly agent: string
    readonly version: string | undefined
    readonly key: string
    readonly at: string
    readonly signature: string
  }): EndProof {
    if (!isSignedBy(told.key, admissionText(told.agent, told.version, told.at), told.signature)) return 'wrong-key'
    const at = parseRfc3339(told.at)
    const age = at === undefined ? undefined : this.#sources.clock() - at
    // Its own key made it, at another time: it proves nothing now, and nobody else bears the name.
    return age === undefined || age > PROOF_AGE_NANOS || age < -PROOF_AGE_NANOS ? 'unproven' : 'proven'
  }

  #find(agent: string): RosterState['agents'][number] {
    const entry = rosterEntryOf(this.#state, [agent])
    if (entry === undefined) throw new HttpError(404, `"${agent.slice(0, 200)}" is not in the roster`)
    return entry
  }

  async #write(decision: RosterDecision, reason: string, by: string): Promise<number> {
    const { recorder, reader, clock } = this.#sources
    const { from } = await recorder.appendControl({ kind: 'roster', decision, reason, by })
    // As the log has it, so that reading it again gives the same.
    const at = formatRfc3339(reader.control(from)?.recordedAt ?? clock())
    this.#keep({ entry: from, at, decision, reason, by })
    return from
  }

  #keep(record: RosterRecord): void {
    if (record.decision.do === 'not-admitted') {
      this.#notAdmitted.push(record)
      if (this.#notAdmitted.length > NOT_ADMITTED_SHOWN) this.#notAdmitted.shift()
      return
    }
    this.#records.push(record)
    this.#known = undefined
  }
}

function versionOf(decision: RosterDecision, agent: string): string | undefined {
  if (decision.do === 'add') return decision.entry.agent === agent ? decision.entry.version : undefined
  return decision.do === 'pin' && decision.agent === agent ? decision.version : undefined
}

/** What a schema does not see: patterns that no proxy could search for. */
function dataRulesFault({ classes }: DataRules): string | undefined {
  const [wrong] = classes.flatMap(({ name, found = [] }) =>
    found
      .filter((pattern) => !isPattern(pattern))
      .map((pattern) => `${name}: ${JSON.stringify(pattern)} is no pattern of RE2`),
  )
  return wrong
}

function entryFault({ agent, class: named, peers }: { agent: string; class: string; peers: readonly string[] }) {
  if (!AGENT_CLASSES.some((known) => known === named)) return `no class "${named}": ${AGENT_CLASSES.join(', ')}`
  return peers.includes(agent) ? 'an agent is no peer of itself' : undefined
}
