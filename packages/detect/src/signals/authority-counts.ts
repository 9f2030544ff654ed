import type { Event } from '@holdfast/model'
import { documentOf, textsNamed, valuesIn } from './authority-documents.ts'
import type { Family } from './authority-families.ts'
import type { ApiCall, Verdict } from './authority-rules.ts'
import { MAX_PROOFS, MAX_NAMES } from './limits.ts'

/** What many calls of one principal say together, by its name in the detector. */
export type Counted = {
  readonly name: string
  readonly strength: number
  readonly words: string
  readonly events: readonly Event[]
}

/** Different secrets that one principal takes before it is more than its work. */
const SECRETS_NOTED = 5
const SECRETS_MANY = 10
/** Calls of one kind that ask for one machine's secret each. */
const PER_MACHINE = 4
/** Different machines on which commands are run from outside, beyond looking after one. */
const MACHINES = 3
const RUNS_ON_MACHINES: ReadonlySet<string> = new Set(['ssm:SendCommand', 'ssm:StartSession', 'ecs:ExecuteCommand'])
/** Refusals that are no mistake in a policy any more: so many of one action, or so many different ones. */
const DENIED_CALLS = 10
const DENIED_ACTIONS = 5
/** Refusals before a success that make it look tried for. */
const DENIED_BEFORE = 3
/** Different reads, over so many services, that are a survey. A console page makes a dozen in one service. */
const SURVEY_ACTIONS = 25
const SURVEY_SERVICES = 6
/** A verdict below this is what administrators do. */
const COUNTS = 0.4

/** What one principal did, in order of claimed time. No single call here says anything; their number and order do. */
export class PrincipalCounts {
  readonly #secrets = new Map<string, Event>()
  readonly #batches: Event[] = []
  readonly #passwords: Event[] = []
  readonly #userData: Event[] = []
  readonly #machines = new Map<string, Event>()
  readonly #denied = new Map<string, Event[]>()
  #denials = 0
  readonly #surveyed = new Map<string, Event>()
  readonly #families = new Map<Family, Event>()
  #reached: { readonly after: readonly Event[]; readonly event: Event } | undefined

  see(event: Event, call: ApiCall, verdict: Verdict | undefined): void {
    if (call.decision === 'denied') this.#refused(event, call)
    if (call.decision === 'allowed') this.#succeeded(event, call)
    if (call.isReadOnly === true && this.#surveyed.size < MAX_NAMES && !this.#surveyed.has(call.action))
      this.#surveyed.set(call.action, event)
    if (verdict !== undefined && verdict.strength >= COUNTS && !this.#families.has(verdict.family))
      this.#families.set(verdict.family, event)
    this.#noteSecrets(event, call)
  }

  findings(): readonly Counted[] {
    return [...this.#bulk(), ...this.#probing(), ...this.#chain()]
  }

  #refused(event: Event, { action }: ApiCall): void {
    this.#denials += 1
    const same = this.#denied.get(action) ?? []
    if (same.length < MAX_PROOFS) same.push(event)
    if (this.#denied.size < MAX_NAMES) this.#denied.set(action, same)
  }

  /** What was refused a few times and then let, or a change let after refusals of other kinds. */
  #succeeded(event: Event, call: ApiCall): void {
    if (this.#reached !== undefined || this.#denials < DENIED_BEFORE) return
    const same = this.#denied.get(call.action) ?? []
    if (same.length >= DENIED_BEFORE) this.#reached = { after: same, event }
    else if (call.isReadOnly === false && this.#denied.size >= DENIED_BEFORE)
      this.#reached = { after: [...this.#denied.values()].flat(), event }
  }

  #noteSecrets(event: Event, call: ApiCall): void {
    const { action } = call
    if (action === 'ec2:GetPasswordData') note(this.#passwords, event)
    if (action === 'secretsmanager:BatchGetSecretValue') note(this.#batches, event)
    if (action === 'ec2:DescribeInstanceAttribute' && asked(call, 'attribute').includes('userData'))
      note(this.#userData, event)
    if (RUNS_ON_MACHINES.has(action))
      for (const machine of asked(call, 'instanceids', 'instanceid', 'target'))
        if (this.#machines.size < MAX_NAMES && !this.#machines.has(machine)) this.#machines.set(machine, event)
    if (!isSecret(call)) return
    // A name that was masked as if it were a credential is one of many: each call counts.
    for (const resource of call.resources) {
      const name = resource.includes('[masked') ? event.id : resource
      if (this.#secrets.size < MAX_NAMES && !this.#secrets.has(name)) this.#secrets.set(name, event)
    }
  }

  #bulk(): readonly Counted[] {
    const secrets = this.#secrets.size
    const found: Counted[] = []
    if (secrets >= SECRETS_NOTED)
      found.push({
        name: 'secrets-in-bulk',
        strength: secrets >= SECRETS_MANY ? 0.65 : 0.5,
        words: `asked for ${secrets} different secrets`,
        events: [...new Set(this.#secrets.values())],
      })
    if (this.#batches.length > 2)
      found.push({
        name: 'secrets-in-bulk',
        strength: 0.6,
        words: 'took secrets page by page, whichever there are',
        events: this.#batches,
      })
    if (this.#machines.size >= MACHINES)
      found.push({
        name: 'many-machines',
        strength: 0.55,
        words: `ran commands on ${this.#machines.size} machines through the cloud`,
        events: [...new Set(this.#machines.values())],
      })
    if (this.#passwords.length >= PER_MACHINE)
      found.push({
        name: 'machine-passwords',
        strength: 0.65,
        words: 'asked for the passwords of many machines',
        events: this.#passwords,
      })
    if (this.#userData.length >= PER_MACHINE)
      found.push({
        name: 'machine-scripts',
        strength: 0.55,
        words: 'read the start scripts of many machines, where credentials are left',
        events: this.#userData,
      })
    return found
  }

  #probing(): readonly Counted[] {
    const found: Counted[] = []
    if (this.#reached !== undefined)
      found.push({
        name: 'tried-until-let',
        strength: 0.55,
        words: 'was refused again and again, and then let',
        events: [...this.#reached.after, this.#reached.event],
      })
    if (this.#denials >= DENIED_CALLS || this.#denied.size >= DENIED_ACTIONS)
      found.push({
        name: 'probing',
        strength: 0.5,
        words: `was refused ${this.#denials} times, of ${this.#denied.size} kinds`,
        events: [...this.#denied.values()].flat(),
      })
    const services = new Set([...this.#surveyed.keys()].map(serviceOf))
    if (this.#surveyed.size >= SURVEY_ACTIONS && services.size >= SURVEY_SERVICES)
      found.push({
        name: 'survey',
        strength: 0.5,
        words: `looked over ${services.size} services with ${this.#surveyed.size} kinds of reads`,
        events: [...this.#surveyed.values()],
      })
    return found
  }

  #chain(): readonly Counted[] {
    const families = [...this.#families.keys()].filter((family) => family !== 'discovery')
    return families.length < 2
      ? []
      : [
          {
            name: 'chain',
            strength: families.length > 2 ? 0.85 : 0.7,
            words: `one principal did what serves ${families.join(', then ')}`,
            events: families.flatMap((family) => this.#families.get(family) ?? []),
          },
        ]
  }
}

function note(events: Event[], event: Event): void {
  if (events.length < MAX_NAMES) events.push(event)
}

function isSecret(call: ApiCall): boolean {
  switch (call.action) {
    case 'secretsmanager:GetSecretValue':
    case 'get secrets':
    case 'secretmanager.versions.access':
      return true
    case 'ssm:GetParameter':
    case 'ssm:GetParameters':
    case 'ssm:GetParametersByPath':
      return valuesIn(documentOf(call.request)).some(({ name, value }) => name === 'withDecryption' && value === true)
    default:
      return false
  }
}

function asked({ request }: ApiCall, ...names: readonly string[]): readonly string[] {
  return textsNamed(valuesIn(documentOf(request)), ...names)
}

function serviceOf(action: string): string {
  return action.split(/[:. ]/)[0] ?? ''
}
