import type { BodyEncoding } from '@holdfast/model'
import { field, isJsonArray, textField } from '../decode/any-value.ts'
import type { Json } from '../decode/any-value.ts'
import type { ForeignEvent } from '../import/foreign-entries.ts'
import { readAzureActivity } from './azure-activity.ts'
import { readCloudTrail } from './cloudtrail.ts'
import { readEntraAudit } from './entra-audit.ts'
import { readGcpAudit } from './gcp-audit.ts'
import { readKubernetesAudit } from './kubernetes-audit.ts'
import { readAnthropicAudit, readOpenAiAudit } from './provider-audit.ts'
import { applicationAgentOf, identityAgentOf } from './reading.ts'
import type { AuthorityFormat, AuthorityReading } from './reading.ts'

/** Reads one record of any authority that is known; undefined for other JSON. */
export function readAuthority(json: Json): AuthorityReading | undefined {
  return (
    readCloudTrail(json) ??
    readKubernetesAudit(json) ??
    readGcpAudit(json) ??
    readAzureActivity(json) ??
    readEntraAudit(json) ??
    readOpenAiAudit(json) ??
    readAnthropicAudit(json)
  )
}

/** The record as the importer stores it. */
export function authorityRecord(json: Json): ForeignEvent | undefined {
  const reading = readAuthority(json)
  if (reading === undefined) return undefined
  const { format, at, subject } = reading
  // Kept out of the workload's reach, by the word of whoever hands it in: the credential says who that is.
  return {
    format,
    channel: format,
    encoding: ENCODINGS[format],
    tier: 'provider',
    ...(subject === undefined ? identityAgentOf(reading.principal) : applicationAgentOf(subject)),
    at,
  }
}

const ENCODINGS: Readonly<Record<AuthorityFormat, BodyEncoding>> = {
  cloudtrail: 'cloudtrail-json',
  'kubernetes-audit': 'kubernetes-audit-json',
  'gcp-audit': 'gcp-audit-json',
  'azure-activity': 'azure-activity-json',
  'entra-audit': 'entra-audit-json',
  'openai-audit': 'openai-audit-json',
  'anthropic-audit': 'anthropic-audit-json',
}

/**
 * The records in what an authority delivers them in: CloudTrail's `{Records: []}`, EventBridge's envelope, Kubernetes'
 * `EventList`, the lists of the cloud APIs. Undefined where the JSON is no such wrapping. Every record must be one that
 * is known: a list of something else is not an authority's.
 */
export function authorityRecords(json: Json): readonly Json[] | undefined {
  const detail = field(json, 'detail')
  // EventBridge: its own fields say no more than those of the record.
  if (detail !== undefined && textField(json, 'detail-type') !== undefined) return known([detail])
  for (const name of ['Records', 'items', 'records', 'entries', 'data', 'value'] as const) {
    const list = field(json, name)
    if (!isJsonArray(list) || list.length === 0) continue
    const items = list.map((item) => field(item, 'detail') ?? item)
    if (known([items[0] ?? null]) !== undefined) return items
  }
  return undefined
}

function known(items: readonly Json[]): readonly Json[] | undefined {
  return items.every((item) => readAuthority(item) !== undefined) ? items : undefined
}
