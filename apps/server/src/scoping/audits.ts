import { hash } from 'node:crypto'
import type { Answer, Body, IncidentWire } from '@holdfast/api'
import type { Audit, AuditMark, ImageScan, UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { programFact, type ProgramFact } from '../case/fact-source.ts'
import { HttpError } from '../http/problem.ts'
import type { Answers } from './answers.ts'
import type { AuditRows } from './audit-answer.ts'
import { readScan } from './image-scan.ts'
import { MARKS_KEPT } from './limits.ts'
import type { Quarantine } from './quarantine.ts'
import type { Scopes } from './scopes.ts'

export type AuditsSources = {
  readonly recorder: Pick<Recorder, 'appendControl' | 'size'>
  readonly reader: Pick<LogReader, 'controls' | 'entry'>
  readonly views: Pick<Answers, 'ask'>
  readonly scopes: Scopes
  readonly quarantine: Quarantine
  readonly clock: () => UnixNano
}

type Placed<T> = T & { readonly entry: number; readonly at: UnixNano }
type Wire = Answer<'getIncidentAudit'>
type Mark = NonNullable<Wire['siblings']['rows'][number]['mark']>

/** What is gone through after an incident, with who looked at what. Marks are records first (FC3). */
export class Audits {
  readonly #sources: AuditsSources
  readonly #marks = new Map<string, Placed<AuditMark>>()
  /** By incident, the newest last. */
  readonly #scans = new Map<string, Placed<ImageScan>[]>()

  constructor(sources: AuditsSources) {
    this.#sources = sources
    for (const { record, index, recordedAt } of sources.reader.controls('audit-mark'))
      this.#keep({ ...record, entry: index, at: recordedAt })
    for (const { record, index, recordedAt } of sources.reader.controls('image-scan'))
      this.#keepScan({ ...record, entry: index, at: recordedAt })
  }

  /** Throws `ViewError` 404 where there is no such incident. */
  async show(incident: string): Promise<Wire> {
    const rows = JSON.parse(await this.#sources.views.ask('getIncidentAudit', { incident })) as AuditRows // the worker's answer to this question
    return this.#wire(rows, await this.#sources.scopes.show(incident))
  }

  /** Throws 400 for a row that the audit does not have. */
  async mark(
    incident: string,
    { audit, items, verdict, reason, entries }: Body<'markAudit'>,
    by: string,
  ): Promise<Wire> {
    const { recorder, reader, clock } = this.#sources
    const shown = await this.show(incident)
    const known = new Set(rowsOf(shown, audit).map(({ key }) => key))
    const unknown = items.find((item) => !known.has(item))
    if (unknown !== undefined) throw new HttpError(400, `audit "${audit}" has no row "${unknown.slice(0, 200)}"`)
    const beyond = entries.find((entry) => entry >= recorder.size)
    if (beyond !== undefined)
      throw new HttpError(400, `there is no log entry ${beyond}: the log ends at ${recorder.size - 1}`)
    const record = { incident: shown.incident, audit, items, verdict, reason, entries, by }
    const { from } = await recorder.appendControl({ kind: 'audit-mark', ...record })
    this.#keep({ ...record, entry: from, at: reader.entry(from)?.recordedAt ?? clock() })
    return await this.show(incident)
  }

  /** Throws 400 for a document that is no scan. */
  async attach(
    incident: string,
    { image, document, by }: { readonly image: string; readonly document: unknown; readonly by: string },
  ): Promise<Wire> {
    const { recorder, reader, clock } = this.#sources
    const shown = await this.show(incident)
    const scan = readScan(document)
    if (scan === undefined)
      throw new HttpError(400, 'that is no scan that can be read: JSON of Trivy or Grype, or SARIF')
    const digest = hash('sha256', JSON.stringify(document), 'hex')
    const record = { incident: shown.incident, image, digest, ...scan, by }
    const { from } = await recorder.appendControl({ kind: 'image-scan', ...record })
    this.#keepScan({ ...record, entry: from, at: reader.entry(from)?.recordedAt ?? clock() })
    return await this.show(incident)
  }

  /** What the audits say to the case; what cannot be looked at is not stated. */
  async facts(incident: IncidentWire, scope: Answer<'getIncidentScope'>): Promise<readonly ProgramFact[]> {
    const rows = JSON.parse(await this.#sources.views.ask('getIncidentAudit', { incident: incident.id })) as AuditRows // as above
    const audit = this.#wire(rows, scope)
    const open = (of: { readonly open: number; readonly cut: number }): number => of.open + of.cut
    const proof = (of: { readonly rows: readonly { readonly mark?: Mark | undefined }[] }): readonly number[] =>
      of.rows.flatMap(({ mark }) => mark?.entry ?? [])
    const scan = audit.scans.at(-1)
    return [
      programFact('siblings-unchecked', open(audit.siblings), proof(audit.siblings)),
      programFact('gates-unaudited', open(audit.channels), proof(audit.channels)),
      programFact('descriptions-unreviewed', open(audit.descriptions), proof(audit.descriptions)),
      programFact('receivers-unswept', open(audit.receivers), [
        ...proof(audit.receivers),
        ...scope.receivers.flatMap(({ entries }) => entries),
      ]),
      ...(audit.reach === undefined ? [] : [programFact('reach-unlisted', open(audit.reach), proof(audit.reach))]),
      // An incident of which no identity is known has none that could be listed.
      ...(audit.principals.rows.length === 0
        ? []
        : [programFact('principals-unlisted', open(audit.principals), proof(audit.principals))]),
      ...(audit.holders === undefined ? [] : [programFact('other-holders', open(audit.holders), proof(audit.holders))]),
      ...(audit.credentials.rows.length === 0
        ? []
        : [
            programFact('old-secrets-live', open(audit.credentials), [
              ...proof(audit.credentials),
              ...audit.credentials.rows.flatMap(({ entries }) => entries),
            ]),
          ]),
      ...(scan === undefined ? [] : [programFact('image-scan-findings', scan.findings, [scan.entry])]),
    ]
  }

  #wire(rows: AuditRows, scope: Answer<'getIncidentScope'>): Wire {
    const { incident, names, siblings, channels, descriptions, reach, principals, holders, credentials, cut } = rows
    const marked = <R extends { readonly key: string }>(
      audit: Audit,
      some: readonly R[],
      {
        beyond,
        isOpen,
      }: { readonly beyond?: number | undefined; readonly isOpen: (row: R, mark: Mark | undefined) => boolean },
    ) => {
      const all = some.map((row) => {
        const mark = this.#markOf(names, audit, row.key)
        return { ...row, ...(mark === undefined ? {} : { mark }), isOpen: isOpen(row, mark) }
      })
      return { rows: all, open: all.filter((row) => row.isOpen).length, cut: beyond ?? 0 }
    }
    const unlooked = (_row: unknown, mark: Mark | undefined): boolean =>
      mark === undefined || mark.verdict === 'tainted'
    const kept = siblings.map((row) => ({ ...row, ...this.#sources.quarantine.standing(row, names) }))
    const undecided = scope.receivers
      .filter(({ verdict }) => verdict === 'undecided')
      .map(({ receiver, words, entries, newest }) => ({ key: receiver, receiver, words, entries, newest }))
    const unlisted = scope.verdicts.undecided - undecided.length
    // The answer is written as JSON, for which read-only lists are lists.
    return {
      incident,
      // What is tainted is done with once no context can get it any more.
      siblings: marked('sibling', kept, {
        beyond: cut['siblings'],
        isOpen: (row, mark) =>
          row.isTainted || mark?.verdict === 'tainted'
            ? (!row.isQuarantined || row.notWithheld !== undefined) && mark?.verdict !== 'settled'
            : mark === undefined,
      }),
      channels: marked('gate', channels, {
        beyond: cut['channels'],
        // A way by which it came in is looked at by a person, whatever its gates said.
        isOpen: (row, mark) => (row.broughtTaint || row.gates.some((gate) => !gate.hasResult)) && unlooked(row, mark),
      }),
      descriptions: marked('description', descriptions, {
        beyond: cut['descriptions'],
        isOpen: (row, mark) => row.isChanged && row.state !== 'approved' && unlooked(row, mark),
      }),
      ...(reach === undefined ? {} : { reach: marked('reach', reach, { beyond: cut['reach'], isOpen: unlooked }) }),
      principals: marked('principal', principals, {
        beyond: cut['principals'],
        isOpen: (row, mark) => (row.paths.length === 0 || row.unexplained.length > 0) && unlooked(row, mark),
      }),
      // Whom anything reached that was left out is no row.
      receivers: marked('receiver', undecided, {
        beyond: scope.cut + unlisted,
        // What reached it after it was looked at nobody has looked at.
        isOpen: ({ newest }, mark) => mark === undefined || (newest !== undefined && newest > mark.entry),
      }),
      ...(holders === undefined
        ? {}
        : { holders: marked('holder', holders, { beyond: cut['holders'], isOpen: unlooked }) }),
      credentials: marked('credential', credentials, {
        beyond: cut['credentials'],
        isOpen: (row) => row.state === 'live',
      }),
      scans: this.#scansOf(names).map(({ image, scanner, digest, findings, worst, by, at, entry }) => ({
        image,
        scanner,
        digest,
        findings,
        worst: [...worst],
        by,
        at: at.toString(),
        entry,
      })),
    } as unknown as Wire
  }

  /** The newest under any of these names: what was looked at stays so where a part joined that others come after. */
  #markOf(names: readonly string[], audit: Audit, item: string): Mark | undefined {
    const [known] = names
      .flatMap((name) => this.#marks.get(keyOf(name, audit, item)) ?? [])
      .toSorted((a, b) => b.entry - a.entry)
    if (known === undefined) return undefined
    const { verdict, reason, by, at, entry } = known
    return { verdict, reason, by, at: at.toString(), entry }
  }

  #scansOf(names: readonly string[]): readonly Placed<ImageScan>[] {
    const all = names.flatMap((name) => this.#scans.get(name) ?? [])
    return all.toSorted((a, b) => a.entry - b.entry).slice(-SCANS_SHOWN)
  }

  #keep(mark: Placed<AuditMark>): void {
    for (const item of mark.items) {
      const key = keyOf(mark.incident, mark.audit, item)
      this.#marks.delete(key)
      this.#marks.set(key, mark)
    }
    for (const [oldest] of this.#marks) {
      if (this.#marks.size <= MARKS_KEPT) return
      this.#marks.delete(oldest)
    }
  }

  #keepScan(scan: Placed<ImageScan>): void {
    this.#scans.set(scan.incident, [...(this.#scans.get(scan.incident) ?? []), scan].slice(-SCANS_SHOWN))
  }
}

/** Scans of one incident, the newest. */
const SCANS_SHOWN = 16

function keyOf(incident: string, audit: Audit, item: string): string {
  return `${incident}\n${audit}\n${item}`
}

function rowsOf(wire: Wire, audit: Audit): readonly { readonly key: string }[] {
  switch (audit) {
    case 'sibling':
      return wire.siblings.rows
    case 'gate':
      return wire.channels.rows
    case 'description':
      return wire.descriptions.rows
    case 'reach':
      return wire.reach?.rows ?? []
    case 'principal':
      return wire.principals.rows
    case 'receiver':
      return wire.receivers.rows
    case 'holder':
      return wire.holders?.rows ?? []
    case 'credential':
      return wire.credentials.rows
  }
}
