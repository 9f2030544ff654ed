import type { ImageScan } from '@holdfast/model'

const WORST_KEPT = 50
const NAME_CHARS = 200
const SEVERITIES: readonly string[] = [
  'critical',
  'high',
  'error',
  'medium',
  'warning',
  'low',
  'note',
  'negligible',
  'unknown',
]

type Finding = { readonly id: string; readonly severity: string; readonly part: string }

/**
 * What a scanner found, from its own JSON: Trivy (`Results`), Grype (`matches`) or SARIF 2.1 (`runs`). Undefined for anything else.
 * Every vulnerability counts, whatever its severity. Untrusted.
 */
export function readScan(document: unknown): Pick<ImageScan, 'scanner' | 'findings' | 'worst'> | undefined {
  const found = trivy(document) ?? grype(document) ?? sarif(document)
  if (found === undefined) return undefined
  const ordered = found.findings.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  return {
    scanner: found.scanner,
    findings: ordered.length,
    worst: ordered.slice(0, WORST_KEPT).map(({ id, severity, part }) => `${id} ${severity} ${part}`.trim()),
  }
}

type Scan = { readonly scanner: string; readonly findings: readonly Finding[] }

function trivy(document: unknown): Scan | undefined {
  const version = own(document, 'SchemaVersion')
  const results = own(document, 'Results')
  // An image without findings may have no results at all; its schema version tells that it is Trivy's word.
  if (typeof version !== 'number' || (results !== undefined && !Array.isArray(results))) return undefined
  const findings = listOf(results).flatMap((result) =>
    [
      ...listOf(own(result, 'Vulnerabilities')),
      ...listOf(own(result, 'Secrets')),
      ...listOf(own(result, 'Misconfigurations')).filter((one) => own(one, 'Status') !== 'PASS'),
    ].map((one) =>
      finding(
        own(one, 'VulnerabilityID') ?? own(one, 'RuleID') ?? own(one, 'ID'),
        own(one, 'Severity'),
        own(one, 'PkgName') ?? own(result, 'Target'),
      ),
    ),
  )
  return { scanner: 'trivy', findings }
}

function grype(document: unknown): Scan | undefined {
  const matches = own(document, 'matches')
  if (!Array.isArray(matches)) return undefined
  const findings = listOf(matches).map((match) =>
    finding(
      own(own(match, 'vulnerability'), 'id'),
      own(own(match, 'vulnerability'), 'severity'),
      own(own(match, 'artifact'), 'name'),
    ),
  )
  return { scanner: 'grype', findings }
}

function sarif(document: unknown): Scan | undefined {
  const runs = own(document, 'runs')
  if (!Array.isArray(runs) || typeof own(document, 'version') !== 'string') return undefined
  const findings = listOf(runs).flatMap((run) =>
    listOf(own(run, 'results')).map((result) => finding(own(result, 'ruleId'), own(result, 'level') ?? 'warning', '')),
  )
  const name = own(own(own(listOf(runs)[0], 'tool'), 'driver'), 'name')
  return { scanner: textOf(name) === '' ? 'sarif' : textOf(name), findings }
}

function finding(id: unknown, severity: unknown, part: unknown): Finding {
  return { id: textOf(id) || 'unnamed', severity: (textOf(severity) || 'unknown').toLowerCase(), part: textOf(part) }
}

function rankOf({ severity }: Finding): number {
  const rank = SEVERITIES.indexOf(severity)
  return rank === -1 ? SEVERITIES.length : rank
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, NAME_CHARS) : ''
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Object.getOwnPropertyDescriptor(value, name)?.value : undefined
}
