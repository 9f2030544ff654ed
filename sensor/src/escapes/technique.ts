/** What an event must say: each key equal, texts that match where a pattern is given, lists that hold what is given. */
export type Wanted = {
  readonly kind: string
  readonly action?: string
  readonly target?: string | RegExp
  readonly path?: string | RegExp
  readonly binary?: RegExp
  readonly protocol?: string
  readonly fileless?: string
  readonly isSensitive?: boolean
  readonly isForeign?: boolean
  readonly calls?: readonly string[]
  readonly arguments?: Parts
  readonly details?: Parts
  readonly remote?: Parts
}

type Parts = Readonly<Record<string, string>>

/** One way out of a container, or around whoever watches; the program of ways/ tries it under its name. */
export type Technique = {
  readonly name: string
  /** A clause that a person reads. */
  readonly what: string
  /** Reads of files that are not sensitive are told only where all opens are asked for. */
  readonly needsAllOpens?: true
} & (
  | { readonly status: 'seen'; readonly events: readonly Wanted[] }
  | { readonly status: 'not-seen'; readonly reason: string; readonly never: Wanted }
)

/** True where the body of an event says all that is wanted. */
export function says(body: object, wanted: Wanted): boolean {
  return Object.entries(wanted).every(([key, value]) => isSaid(Reflect.get(body, key), value))
}

function isSaid(said: unknown, wanted: Wanted[keyof Wanted]): boolean {
  if (wanted instanceof RegExp) return typeof said === 'string' && wanted.test(said)
  if (Array.isArray(wanted)) return Array.isArray(said) && wanted.every((one) => said.includes(one))
  if (typeof wanted !== 'object') return said === wanted
  return (
    typeof said === 'object' &&
    said !== null &&
    Object.entries(wanted).every(([key, value]) => Reflect.get(said, key) === value)
  )
}
