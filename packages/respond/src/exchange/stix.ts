import { parseRfc3339, type UnixNano } from '@holdfast/model'

import type { IncidentReport } from '../report/report.ts'
import type { Observable } from './observables.ts'
import { derivedUuid, observableUuid } from './uuid.ts'

export type StixObject = { readonly type: string; readonly id: string } & Readonly<Record<string, unknown>>
export type StixBundle = { readonly type: 'bundle'; readonly id: string; readonly objects: readonly StixObject[] }

/**
 * An incident as a STIX 2.1 bundle: incident, what was observed, indicators to look for, techniques, what was done. Ids are
 * derived, so that an export can be repeated and compared. Captured values are in patterns and observables: untrusted.
 */
export function toStix(report: IncidentReport, observables: readonly Observable[]): StixBundle {
  const maker = new Maker(report)
  const product = maker.made('identity', 'holdfast', { name: 'Holdfast', identity_class: 'system' })
  const extension = maker.made('extension-definition', 'incident-v1', {
    name: 'Holdfast incident',
    description: 'Type, confidence and evidence of an incident of an AI agent',
    schema: 'urn:holdfast:incident-report:v1',
    version: '1.0.0',
    extension_types: ['property-extension'],
  })
  const incident = maker.made('incident', report.incident.id, {
    name: `${report.incident.type} of ${report.incident.agents.join(', ')}`.slice(0, 1_000),
    description: report.incident.headline,
    confidence: Math.round(report.confidence.value * 100),
    extensions: { [extension.id]: { extension_type: 'property-extension', ...incidentFields(report) } },
  })
  const seen = observables.map((observable) => observed(maker, observable))
  const techniques = techniquesOf(maker, report)
  const actions = report.remediation.actions.map(({ id, words, state }) =>
    maker.made('course-of-action', id, { name: words.slice(0, 1_000), description: `state: ${state}` }),
  )
  const parts = [...seen.flatMap(({ all }) => all), ...techniques, ...actions]
  const links = [
    ...techniques.map((one) => maker.link(incident, 'related-to', one)),
    ...actions.map((one) => maker.link(one, 'related-to', incident)),
    ...seen.flatMap(({ indicator, data }) =>
      indicator === undefined
        ? []
        : [
            maker.link(indicator, 'based-on', data),
            ...techniques.map((one) => maker.link(indicator, 'indicates', one)),
          ],
    ),
  ]
  const about = [product, extension, incident, ...parts, ...links]
  const whole = maker.made('report', report.incident.id, {
    name: `Incident ${report.incident.id}`,
    published: maker.created,
    report_types: ['campaign'],
    object_refs: [...new Set(about.map(({ id }) => id))],
  })
  const objects = [...new Map([...about, whole].map((object) => [object.id, object])).values()]
  return { type: 'bundle', id: `bundle--${derivedUuid('bundle', report.incident.id, maker.created)}`, objects }
}

function incidentFields({ incident, confidence, evidence, integrity }: IncidentReport) {
  return {
    incident: incident.id,
    incident_type: incident.type,
    contributing: incident.contributing,
    standing: confidence.standing,
    completeness: evidence.completeness,
    log_origin: integrity.origin,
    log_size: integrity.size,
    log_root: integrity.rootHash,
  }
}

function observed(maker: Maker, observable: Observable) {
  const { isIndicator, count, first, last } = observable
  const { object, pattern } = cyber(observable)
  const data = maker.made('observed-data', `${observable.kind}:${observable.value}`, {
    first_observed: millis(first),
    last_observed: millis(last),
    number_observed: Math.min(Math.max(count, 1), MOST_OBSERVED),
    object_refs: [object.id],
    labels: observable.entries.map((entry) => `log-entry:${entry}`).slice(0, 16),
  })
  const indicator = !isIndicator
    ? undefined
    : maker.made('indicator', `${observable.kind}:${observable.value}`, {
        name: `${observable.kind} of an incident`,
        indicator_types: ['malicious-activity'],
        pattern,
        pattern_type: 'stix',
        pattern_version: '2.1',
        valid_from: millis(first),
      })
  return { data, indicator, all: [object, data, ...(indicator === undefined ? [] : [indicator])] }
}

/** What STIX calls 999,999,999 times. */
const MOST_OBSERVED = 999_999_999

function cyber({ kind, value }: Observable): { readonly object: StixObject; readonly pattern: string } {
  const [type, member] = CYBER[kind]
  const object = { type, spec_version: '2.1', id: `${type}--${observableUuid({ [member]: value })}`, [member]: value }
  return { object, pattern: `[${type}:${member} = '${value.replaceAll(/[\\']/g, String.raw`\$&`)}']` }
}

const CYBER: Readonly<Record<Observable['kind'], readonly [type: string, member: string]>> = {
  domain: ['domain-name', 'value'],
  ipv4: ['ipv4-addr', 'value'],
  ipv6: ['ipv6-addr', 'value'],
  url: ['url', 'value'],
  email: ['email-addr', 'value'],
  file: ['file', 'name'],
  account: ['user-account', 'account_login'],
}

/** Techniques by the catalogues that STIX knows the names of. */
function techniquesOf(maker: Maker, { frameworks }: IncidentReport): readonly StixObject[] {
  return frameworks.flatMap(({ framework, ids }) => {
    const source = SOURCES.get(framework)
    if (source === undefined) return []
    return ids.map((id) => {
      const [technique = id] = id.split('@')
      return maker.made('attack-pattern', `${source}:${technique}`, {
        name: technique,
        external_references: [{ source_name: source, external_id: technique }],
      })
    })
  })
}

const SOURCES: ReadonlyMap<string, string> = new Map([
  ['MITRE ATLAS', 'mitre-atlas'],
  ['MITRE ATT&CK', 'mitre-attack'],
])

/** Makes objects of one export: all have one maker and one time. */
class Maker {
  readonly created: string
  readonly #by = `identity--${derivedUuid('identity', 'holdfast')}`

  constructor({ generated }: IncidentReport) {
    this.created = millis(generated.at)
  }

  made(type: string, name: string, members: Readonly<Record<string, unknown>>): StixObject {
    const id = `${type}--${derivedUuid(type, name)}`
    const by = { created_by_ref: this.#by }
    return { type, spec_version: '2.1', id, created: this.created, modified: this.created, ...by, ...members }
  }

  link(from: StixObject, relationship: string, to: StixObject): StixObject {
    const members = { relationship_type: relationship, source_ref: from.id, target_ref: to.id }
    return this.made('relationship', `${from.id} ${relationship} ${to.id}`, members)
  }
}

/** STIX wants milliseconds, and three digits of them. */
function millis(text: string): string {
  const time: UnixNano | undefined = parseRfc3339(text)
  return new Date(time === undefined ? 0 : Number(time / 1_000_000n)).toISOString()
}
