import { parseHold } from '@holdfast/capture'
import type { ProxyHold } from '@holdfast/model'

/** What a step of a plan says of a hold: its server, or an empty text, and the hold. */
export type HeldPart = { readonly server: string; readonly hold: ProxyHold }

/**
 * A hold as the parts of a plan's target: its kind, the server, and what it names. A plan is read by people and hashed, so
 * that each part is a plain text.
 */
export function partsOf({ server, hold }: HeldPart): readonly string[] {
  const { kind, ...what } = hold
  return [
    kind,
    server,
    ...Object.entries(what).flatMap(([name, value]) => texts(value).map((text) => `${name}=${text}`)),
  ]
}

/** Undefined where the parts are not those of a hold. */
export function holdOfParts(parts: readonly string[]): HeldPart | undefined {
  const [kind, server, ...members] = parts
  if (kind === undefined || server === undefined) return undefined
  const given: Record<string, unknown> = { kind }
  for (const member of members) {
    const at = member.indexOf('=')
    const name = member.slice(0, at)
    const value = member.slice(at + 1)
    const list = LISTS.get(`${kind}/${name}`)
    // Names are those of our own holds: what is none of them is not read by the parser.
    if (list === undefined) given[name] = value
    else given[name] = [...((given[name] as readonly unknown[] | undefined) ?? []), list(value)]
  }
  const read = parseHold(given)
  return 'hold' in read ? { server, hold: read.hold } : undefined
}

/** Members that are lists, and how one of their items is read back. */
const LISTS: ReadonlyMap<string, (text: string) => unknown> = new Map<string, (text: string) => unknown>([
  ['hold-memory/tools', (text) => text],
  ['guard-arguments/values', (text) => text],
  ['pin-catalogue/tools', (text) => ({ definition: text.slice(0, 64), name: text.slice(65) })],
])

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (!Array.isArray(value)) return []
  return value.map((one: unknown) => {
    if (typeof one === 'string') return one
    const { definition, name } = one as { readonly definition: string; readonly name: string } // a pinned tool
    return `${definition} ${name}`
  })
}
