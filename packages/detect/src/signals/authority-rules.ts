import type { Content, EventBody } from '@holdfast/model'
import { awsRule } from './authority-aws-rules.ts'
import { documentOf, textsNamed, textsOf, valuesIn } from './authority-documents.ts'
import type { Value } from './authority-documents.ts'
import { familyOf } from './authority-families.ts'
import type { Family } from './authority-families.ts'
import { kubernetesRule } from './authority-kubernetes-rules.ts'
import { quoted } from './findings.ts'

export type ApiCall = Extract<EventBody<Content>, { readonly kind: 'api-call' }>

/** What one call says of a crossed boundary. */
export type Verdict = { readonly family: Family; readonly strength: number; readonly words: string }

/**
 * What one call says by itself: by its document where the action is judged by it, else by its name. A denied call harmed
 * nothing and shows intent; a call that failed for another reason says nothing of authority.
 */
export function callRule(call: ApiCall): Verdict | undefined {
  if (call.decision === 'failed') return undefined
  const verdict = ruleOf(call, documentOf(call.request))
  if (verdict === undefined || call.decision === 'allowed') return verdict
  return { ...verdict, strength: Math.round(verdict.strength * 80) / 100, words: `${verdict.words}; it was denied` }
}

function ruleOf(call: ApiCall, request: Value | undefined): Verdict | undefined {
  switch (call.plane) {
    case 'aws':
      // Services act for their customers with roles of their own.
      return call.principal.kind === 'service' ? undefined : (awsRule(call, request) ?? rootUse(call) ?? named(call))
    case 'kubernetes':
      return kubernetesRule(call, request)
    case 'openai':
      return openAiKey(call, request) ?? named(call)
    case 'anthropic':
      return anthropicToggle(call, request) ?? named(call)
    case 'gcp':
    case 'azure':
      return named(call)
    case 'mcp':
    case 'saas':
      return undefined
  }
}

function named({ plane, action }: ApiCall): Verdict | undefined {
  const known = familyOf(plane, action)
  return known === undefined ? undefined : { ...known, words: `called ${quoted(action)}` }
}

function rootUse(call: ApiCall): Verdict | undefined {
  if (call.principal.kind !== 'root' || call.isReadOnly === true) return undefined
  const known = named(call)
  return known !== undefined && known.strength > 0.5
    ? known
    : { family: 'initial-access', strength: 0.5, words: `called ${quoted(call.action)} as the root of the account` }
}

/** Scopes by which a key changes an organisation, its keys or its people. */
const WIDE_SCOPE =
  /^(all|admin|\*)$|^(organization|api_keys?|admin_api_keys?|users?|service_accounts?|roles?|projects?)[.:](write|admin|all|\*)$/

function openAiKey({ action }: ApiCall, request: Value | undefined): Verdict | undefined {
  const values = valuesIn(request)
  if (action === 'api_key.created' || action === 'api_key.updated' || action === 'admin_api_key.created') {
    const wide = textsNamed(values, 'scopes').find((scope) => WIDE_SCOPE.test(scope))
    if (wide !== undefined)
      return { family: 'persistence', strength: 0.65, words: `made a key with the scope ${quoted(wide)}` }
    return {
      family: 'persistence',
      strength: action === 'api_key.created' ? 0.25 : 0.2,
      words: 'made or changed a key',
    }
  }
  if (
    /^ip_allowlist\.(created|updated)$/.test(action) &&
    values.some(({ value }) => textsOf(value).some((one) => /\/0$|^(0\.0\.0\.0|::)$/.test(one)))
  )
    return { family: 'impairment', strength: 0.7, words: 'let every address use the organisation’s keys' }
  const role = textsNamed(values, 'role', 'role_name')[0]
  return /^(user|role\.assignment)\.(added|updated|created)$/.test(action) && /^(owner|admin)$/.test(role ?? '')
    ? { family: 'escalation', strength: 0.6, words: `made somebody ${quoted(role ?? '')}` }
    : undefined
}

function anthropicToggle({ action }: ApiCall, request: Value | undefined): Verdict | undefined {
  if (action !== 'org_sso_toggled') return undefined
  const isOff = valuesIn(request).some(
    ({ name, value }) =>
      /enabled|state|status|new_value|toggle/i.test(name) &&
      (value === false || /^(off|disabled|false)$/i.test(`${textsOf(value)[0] ?? ''}`)),
  )
  return isOff ? { family: 'impairment', strength: 0.7, words: 'switched single sign-on off' } : undefined
}
