import { NAME_CHARACTERS, SUBJECT_CHARACTERS, VALUE_CHARACTERS } from './limits.ts'

/** Somebody as an identity provider vouches for them. All of it is the provider's text: untrusted to show. */
export type Identity = {
  readonly issuer: string
  /** Whom the issuer means, whatever they are called today. */
  readonly subject: string
  /** What the configured claim calls them; absent where it holds no name, or an address that nobody verified. */
  readonly name?: string
  /** What the configured claim says they are; what is too long for a mapping is left out. */
  readonly values: readonly string[]
}

export type ClaimNames = { readonly name: string; readonly values: readonly string[] }

/** Claims that may lack what is looked for, which the provider then tells elsewhere. */
export function hasClaims(claims: unknown, wanted: ClaimNames): boolean {
  return at(claims, [wanted.name]) !== undefined && at(claims, wanted.values) !== undefined
}

/** Reads what is needed of verified claims. Undefined where they name nobody. */
export function identityOf(issuer: string, claims: unknown, wanted: ClaimNames): Identity | undefined {
  const subject = at(claims, ['sub'])
  if (typeof subject !== 'string' || subject === '' || subject.length > SUBJECT_CHARACTERS) return undefined
  const name = at(claims, [wanted.name])
  // Whoever may write their own address would be whomever they like.
  const isSure = wanted.name !== 'email' || at(claims, ['email_verified']) === true
  const isName = typeof name === 'string' && name !== '' && name.length <= NAME_CHARACTERS
  const values = [at(claims, wanted.values)].flat()
  return {
    issuer,
    subject,
    ...(isName && isSure ? { name } : {}),
    values: values.filter((value) => typeof value === 'string').filter(({ length }) => length <= VALUE_CHARACTERS),
  }
}

/** A claim below claims; nothing that every object has by itself. */
function at(claims: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (isRecord(found) && Object.hasOwn(found, key) ? found[key] : undefined),
    claims,
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
