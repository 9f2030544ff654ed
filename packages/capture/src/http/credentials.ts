import { isSensitiveName } from '../masking/field-rules.ts'
import type { Fields } from './message.ts'

/** Fields without those that carry a credential by their name; the names of the others are told. */
export function withoutCredentials(fields: Fields): { readonly fields: Fields; readonly withheld: readonly string[] } {
  const kept: (readonly [string, string])[] = []
  const withheld = new Set<string>()
  for (const field of fields) {
    const [name, value] = field
    if (isSensitiveName(name) || CREDENTIAL_FIELDS.test(name)) withheld.add(name)
    else if (ADDRESS_FIELDS.has(name.toLowerCase())) kept.push([name, withoutSecretQuery(value)])
    else kept.push(name === 'host' ? [name, withoutUser(value)] : field)
  }
  return { fields: kept, withheld: [...withheld].sort() }
}

/** An address with the values of parameters that carry a credential left out, in its query and its fragment. */
export function withoutSecretQuery(target: string): string {
  const at = target.search(/[?#]/)
  if (at < 0) return target
  // The signs between the parameters are every other part.
  const parts = target.slice(at).split(/([?#&;])/)
  return target.slice(0, at) + parts.map((part, i) => (i % 2 === 0 ? withoutSecret(part) : part)).join('')
}

/** Host and port alone: what stands before an `@` is a user and a password (RFC 9110, section 4.2.4). */
export function withoutUser(authority: string): string {
  return authority.slice(authority.lastIndexOf('@') + 1)
}

function withoutSecret(parameter: string): string {
  const at = parameter.indexOf('=')
  if (at <= 0) return parameter
  const name = parameter.slice(0, at)
  const read = plainName(name)
  return isSensitiveName(read) || CREDENTIAL_PARAMETERS.test(read) ? `${name}=` : parameter
}

/** As the server reads it: without percent signs, and without the `[]` of lists. */
function plainName(name: string): string {
  const list = name.search(/\[|%5b/i)
  const own = list > 0 ? name.slice(0, list) : name
  try {
    return decodeURIComponent(own)
  } catch {
    // No such coding: the server will not know it either.
    return own
  }
}

const CREDENTIAL_FIELDS =
  /^(?:(?:proxy-)?authoriz.*|cookie2?|set-cookie2?|.*(?:api|access|secret|private)[-_]?key|.*(?:subscription|functions|auth|master|admin|account|signing|encryption)[-_]key|.*[-_](?:token|jwt|secret|signature|credential)|token|x-goog-iam-authorization-token|proxy-authenticate|authentication-info)$/i
/** Fields whose value is an address, or holds one. */
const ADDRESS_FIELDS: ReadonlySet<string> = new Set([
  'location',
  'content-location',
  'referer',
  'refresh',
  'link',
  'x-original-url',
  'x-rewrite-url',
  'x-forwarded-uri',
])
const CREDENTIAL_PARAMETERS =
  /^(?:key|token|sig|signature|code|jwt|auth|pwd|pass|assertion|.*[-_](?:token|signature|credential|key|secret))$/i
