import { isSensitiveName } from '../masking/field-rules.ts'
import type { Fields } from './message.ts'

/** Fields without those that carry a credential by their name; the names of the others are told. */
export function withoutCredentials(fields: Fields): { readonly fields: Fields; readonly withheld: readonly string[] } {
  const kept: (readonly [string, string])[] = []
  const withheld = new Set<string>()
  for (const field of fields) {
    const [name] = field
    if (isSensitiveName(name) || CREDENTIAL_FIELDS.test(name)) withheld.add(name)
    else kept.push(field)
  }
  return { fields: kept, withheld: [...withheld].sort() }
}

/** Path and query with the values of parameters that carry a credential left out. */
export function withoutSecretQuery(target: string): string {
  const at = target.indexOf('?')
  if (at < 0) return target
  const query = target
    .slice(at + 1)
    .replaceAll(/([^&=]+)=([^&]*)/g, (whole: string, name: string) =>
      isSensitiveName(name) || CREDENTIAL_PARAMETERS.test(name) ? `${name}=` : whole,
    )
  return `${target.slice(0, at)}?${query}`
}

const CREDENTIAL_FIELDS =
  /^(?:(?:proxy-)?authoriz.*|cookie2?|set-cookie2?|.*(?:api|access|secret|private)[-_]?key|.*[-_](?:token|secret|signature|credential)|token|x-goog-iam-authorization-token|proxy-authenticate|authentication-info)$/
const CREDENTIAL_PARAMETERS = /^(?:key|token|sig|signature|code|.*[-_](?:token|signature|credential|key|secret))$/i
