import { hash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { Answer, AuditList, Query } from '@holdfast/api'
import { normalise } from '@holdfast/capture'
import { entriesOfRow, judgedEvents, withAllowances, withViolations } from '@holdfast/reconcile'
import {
  counted,
  canonicalJson,
  type AuditAllowance,
  type AuditProof,
  type AuditRow,
  type AuditRowBody,
  type AuditViolation,
  type Event,
} from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { HttpError } from '../http/problem.ts'
import type { RevealLog } from '../reveal-log.ts'
import type { ViewsClient } from '../views/client.ts'
import { recordedExport } from '../recorded-export.ts'
import { PAGES_PER_ARTIFACT } from './limits.ts'
import { listAudit, type PoliciesInForce } from './list-audit.ts'

export type AuditParts = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: Pick<ViewsClient, 'ask'>
  readonly reveals: Pick<RevealLog, 'record'>
  readonly policies: PoliciesInForce & {
    readonly allowanceOf: (event: Event) => Omit<AuditAllowance, 'event' | 'entry'> | undefined
  }
  readonly folder: string
}

/**
 * Rows of the audit with their proofs. A row is canonical JSON: the same log gives the same bytes, however much it has grown
 * since, because its proofs lead to the first checkpoint that covers it.
 */
export class Audits {
  readonly #parts: AuditParts

  constructor(parts: AuditParts) {
    this.#parts = parts
  }

  /** The row as canonical JSON; who reads it is on record first. Throws 404 where there is no such row. */
  async rowJson(id: string, by: string): Promise<string> {
    await this.#parts.reveals.record(by, `audit ${id}`.slice(0, 300))
    return canonicalJson(await this.row(id))
  }

  /** For the program itself, which shows no text of it. */
  async row(id: string): Promise<AuditRow> {
    const { views } = this.#parts
    const body = JSON.parse(await views.ask('getAuditRow', { row: id })) as AuditRowBody // what the worker answers to this question
    const { violations, allowed } = this.#rulingsOf(body)
    return await this.#proven(withAllowances(withViolations(body, violations), allowed))
  }

  list(query: Query<'listAudit'>): Promise<AuditList> {
    return listAudit(this.#parts, query)
  }

  /** Rows that hold an id. Of an artifact those are the violations of it, which are judged here. */
  async find(id: string): Promise<Answer<'findAudit'>> {
    const found = JSON.parse(await this.#parts.views.ask('findAudit', { id })) as Answer<'findAudit'> // what the worker answers to this question
    if (found.items.length > 0 || !/^[0-9a-f]{64}$/.test(id)) return found
    let cursor: string | undefined
    let looked = 0
    for (let page = 0; page < PAGES_PER_ARTIFACT; page++) {
      const of = { kind: 'violation', artifact: id } as const
      const { items, nextCursor, looked: more } = await this.list(cursor === undefined ? of : { ...of, cursor })
      if (items.length > 0) return { items, understood: 'an artifact, by its violations' }
      if (nextCursor === undefined) return found
      cursor = nextCursor
      looked += more
    }
    return {
      ...found,
      understood: `no id, and no artifact that the newest ${counted(looked, 'entry', 'entries')} under a policy violate`,
    }
  }

  /** The row and all that it rests on as one bundle. That it went out is in the log before and after (FC3). */
  async pack(
    id: string,
    by: string,
  ): Promise<{ readonly name: string; readonly bytes: number; readonly content: Readable }> {
    const { recorder, folder } = this.#parts
    const row = await this.row(id)
    const entries = row.proof.entries.map(({ entry }) => entry)
    const what = {
      action: 'export-audit-row',
      by,
      target: id,
      detail: counted(entries.length, 'entry', 'entries'),
    } as const
    const exported = await recordedExport({ recorder, folder }, what, (out) => {
      const about = { kind: 'audit-row', row: id, entries: entries.length, exportedBy: by }
      const files = new Map([['row.json', `${canonicalJson(row)}\n`]])
      return recorder.exportBundle({ entries, about, files, out })
    })
    return { name: `holdfast-${id.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(0, 80)}.zip`, ...exported }
  }

  #rulingsOf(body: AuditRowBody): {
    readonly violations: readonly AuditViolation[]
    readonly allowed: readonly AuditAllowance[]
  } {
    const { reader, policies } = this.#parts
    const violations: AuditViolation[] = []
    const allowed: AuditAllowance[] = []
    for (const [index, events] of Map.groupBy(judgedEvents(body), ({ entry }) => entry)) {
      const entry = reader.entry(index)
      const wanted = new Set<string>(events.map(({ id }) => id))
      for (const event of entry === undefined ? [] : normalise(entry).events) {
        if (!wanted.has(event.id)) continue
        const place = { event: event.id, entry: index }
        const violation = policies.violationOf(event)
        const allowance = violation === undefined ? policies.allowanceOf(event) : undefined
        if (violation !== undefined) violations.push({ ...place, ...violation })
        if (allowance !== undefined) allowed.push({ ...place, ...allowance })
      }
    }
    return { violations, allowed }
  }

  async #proven(body: AuditRowBody): Promise<AuditRow> {
    const { recorder, reader } = this.#parts
    const entries = entriesOfRow(body)
    const covered = (entries.at(-1) ?? -1) + 1
    if (recorder.checkpoint().size < covered) await recorder.signCheckpoint()
    const checkpoint = reader.checkpointCovering(covered)
    if (checkpoint === undefined) throw new HttpError(503, 'the log has no checkpoint over this row yet')
    const proofs = entries.map((entry): AuditProof => ({
      entry,
      leaf: reader.leaves(entry, 1).toString('base64'),
      path: recorder.inclusionProof(entry, checkpoint.size).map((node) => node.toString('base64')),
    }))
    const unsigned = {
      ...body,
      proof: {
        key: recorder.publicKey(),
        checkpoint: checkpoint.note,
        size: checkpoint.size,
        rootHash: checkpoint.rootHash,
        entries: proofs,
      },
    }
    const digest = hash('sha256', canonicalJson(unsigned), 'hex')
    return { ...unsigned, signature: recorder.signDocument(`holdfast audit-row\n${body.id}\n${digest}\n`) }
  }
}
