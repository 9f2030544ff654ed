import { gunzipSync } from 'node:zlib'
import { classesIn, judgeRoute, type DataRules, type RouteJudgement } from '@holdfast/model'
import { textsIn } from '@holdfast/capture'
import { ENTRY_BYTES } from '../limits.ts'
import { findsIn } from '../orders/matches.ts'
import { fieldOf, type RawFields } from './forward.ts'

/** Field by which whoever knows it labels a request: names of classes, with commas between them. It adds to what is known. */
export const DATA_CLASS_FIELD = 'holdfast-data-class'

export type ResidencyOptions = {
  /** The rules in force; undefined where nobody decided any. */
  readonly rules: () => DataRules | undefined
  /** Classes of data that the agent may see, as the roster has them. */
  readonly classes: () => readonly string[]
}

/** A refused request, with what the record says of it. */
export type KeptRoute = Extract<RouteJudgement, { readonly status: 'refused' }> & { readonly route: string }

type Asked = { readonly fields: RawFields; readonly body: Buffer; readonly host: string }

/** Keeps data from models outside of its regions. What cannot be read is held to be of every class that texts show. */
export class Residency {
  readonly #options: ResidencyOptions

  constructor(options: ResidencyOptions) {
    this.#options = options
  }

  get isActive(): boolean {
    return this.#options.rules()?.classes.some(({ regions }) => regions !== undefined) === true
  }

  /** Undefined where the request may go to the host. */
  judge({ fields, body, host }: Asked): KeptRoute | undefined {
    const rules = this.#options.rules()
    if (rules === undefined) return undefined
    const labels = [
      ...new Set([
        ...this.#options.classes().filter((name) => knows(rules, name)),
        ...this.#labels(rules, { fields, body }),
      ]),
    ]
    const judged = judgeRoute(rules, labels, host)
    return judged.status === 'allowed' ? undefined : { ...judged, route: host }
  }

  #labels(rules: DataRules, { fields, body }: Pick<Asked, 'fields' | 'body'>): readonly string[] {
    const stated = (fieldOf(fields, DATA_CLASS_FIELD) ?? '').split(',').map((name) => name.trim())
    const plain = plainOf(body, fieldOf(fields, 'content-encoding') ?? 'identity')
    const found =
      plain === undefined
        ? rules.classes.filter((one) => one.found !== undefined).map(({ name }) => name)
        : classesIn(rules, textsIn(plain), findsIn)
    return [...stated.filter((name) => name !== ''), ...found]
  }
}

/** Classes of an agent that no rule is about bind nothing: they say what it may see. */
function knows({ classes }: DataRules, name: string): boolean {
  return classes.some((one) => one.name === name)
}

/** Undefined where the coding is not one that is read here. */
function plainOf(body: Buffer, coding: string): Buffer | undefined {
  const named = coding.trim().toLowerCase()
  if (named === 'identity' || named === '') return body
  if (named !== 'gzip') return undefined
  try {
    return gunzipSync(body, { maxOutputLength: ENTRY_BYTES })
  } catch {
    // Too long, or none: it cannot be read.
    return undefined
  }
}

/** Read by clients of every provider that we know as an error with a message. */
export function keptAnswer({ label, region, route, reason }: KeptRoute): {
  readonly status: 451
  readonly body: Buffer
} {
  const error = {
    type: 'residency',
    code: 'residency',
    message: `holdfast: ${reason}`,
    label,
    route,
    region: region ?? null,
  }
  return { status: 451, body: Buffer.from(JSON.stringify({ type: 'error', error })) }
}

/** The host that a redirect leads to; undefined where it leads back to the same one, or is none. */
export function otherHost(location: string | undefined, from: URL): string | undefined {
  if (location === undefined || !URL.canParse(location, from.href)) return undefined
  const { host } = new URL(location, from)
  return host === from.host ? undefined : host
}
