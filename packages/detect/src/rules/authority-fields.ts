import { field, type Field, many, textOf } from './field.ts'

/** What a cloud, a cluster or a provider recorded. All texts are captured: untrusted. */
export const AUTHORITY_FIELDS: Readonly<Record<string, Field>> = {
  'api.plane': field(
    ['api-call'],
    'text',
    '`aws`, `kubernetes`, `gcp`, `azure`, `openai`, `anthropic`',
    ({ plane }) => plane,
  ),
  'api.action': field(['api-call'], 'text', "as the plane's grants name it: `s3:GetObject`", ({ action }) => action),
  'api.resources': many(field(['api-call'], 'text', 'what it was asked of', ({ resources }) => resources)),
  'api.decision': field(['api-call'], 'text', '`allowed`, `denied`, `failed`', ({ decision }) => decision),
  'api.error': field(['api-call'], 'text', 'code of the failure', ({ errorCode }) => errorCode),
  'api.read_only': field(['api-call'], 'flag', 'it changes nothing', ({ isReadOnly }) => isReadOnly),
  'api.region': field(['api-call'], 'text', 'region', ({ region }) => region),
  'api.address': field(['api-call'], 'text', 'where it came from', ({ sourceAddress }) => sourceAddress),
  'api.user_agent': field(['api-call'], 'text', 'program that called', ({ userAgent }) => userAgent),
  'api.principal': field(['api-call'], 'text', 'who called', ({ principal }) => principal.id),
  'api.principal_kind': field(
    ['api-call'],
    'text',
    '`role`, `user`, `service-account`',
    ({ principal }) => principal.kind,
  ),
  'api.account': field(['api-call'], 'text', "the principal's account", ({ principal }) => principal.account),
  'api.session': field(['api-call'], 'text', "the principal's session", ({ principal }) => principal.session),
  'api.via': many(field(['api-call'], 'text', 'principals it was reached through', ({ principal }) => principal.via)),
  'api.gives': field(['api-call'], 'text', 'principal that the call gave out', ({ gives }) => gives?.id),
  'api.request': field(['api-call'], 'text', 'what was asked, as JSON', ({ request }) => textOf(request)),
  'api.response': field(['api-call'], 'text', 'what was answered, as JSON', ({ response }) => textOf(response)),
}
