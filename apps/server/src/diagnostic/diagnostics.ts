import type { DiagnosticWire } from '@holdfast/api'
import { formatRfc3339, type UnixNano } from '@holdfast/model'
import {
  diagnose,
  type AuditFacts,
  type ConvergenceFacts,
  type Diagnostic,
  type DiagnosticFacts,
  type DriftFacts,
  type EnvelopeFacts,
  type InventoryFacts,
  type ScopeFacts,
} from '@holdfast/reconcile'
import type { Recorder } from '@holdfast/recorder'
import type { ViewsClient } from '../views/client.ts'
import type { GapLedger } from './gap-ledger.ts'
import type { QuestionSource } from './question-source.ts'
import { findTarget, type Asked } from './target.ts'
import { diagnosticWire } from './wire.ts'

/** One source a part; each asks the queries that its own pages are answered from. */
export type QuestionSources = {
  readonly inventory: QuestionSource<InventoryFacts>
  readonly convergence: QuestionSource<ConvergenceFacts>
  readonly scope: QuestionSource<ScopeFacts>
  readonly envelopes: QuestionSource<EnvelopeFacts>
  readonly drift: QuestionSource<DriftFacts>
  readonly audit: QuestionSource<AuditFacts>
}

export type DiagnosticSources = {
  readonly views: Pick<ViewsClient, 'ask'>
  readonly recorder: Pick<Recorder, 'size' | 'publicKey'>
  readonly gaps: GapLedger
  readonly questions: QuestionSources
  readonly clock: () => UnixNano
  /** Milliseconds of a clock that never steps. */
  readonly nowMs: () => number
}

export type Asking = { readonly facts: DiagnosticFacts; readonly diagnostic: Diagnostic; readonly wire: DiagnosticWire }

/** Asks the five questions and judges the nine capabilities, of what is in the log at that moment. */
export class Diagnostics {
  readonly #sources: DiagnosticSources

  constructor(sources: DiagnosticSources) {
    this.#sources = sources
  }

  /** Throws 404 where there is no such agent. */
  async ask(asked: Asked): Promise<Asking> {
    const { views, recorder, gaps, questions, clock, nowMs } = this.#sources
    const begun = nowMs()
    const size = recorder.size
    const now = formatRfc3339(clock())
    const { target, channels, pickedBecause } = await findTarget(views, asked, now)
    const [inventory, convergence, scope, envelopes, drift, audit] = await Promise.all([
      questions.inventory(target, now),
      questions.convergence(target, now),
      questions.scope(target, now),
      questions.envelopes(target, now),
      questions.drift(target, now),
      questions.audit(target, now),
      gaps.catchUp(),
    ])
    const facts: DiagnosticFacts = {
      target,
      inventory,
      convergence,
      scope,
      envelopes,
      drift,
      audit,
      gaps: gaps.of({ name: target.name, channels }),
      gapsCut: gaps.cut,
    }
    const diagnostic = diagnose(facts)
    const wire = diagnosticWire({
      facts,
      diagnostic,
      asOf: now,
      size,
      key: recorder.publicKey(),
      tookMs: Math.round(nowMs() - begun),
      ...(pickedBecause === undefined ? {} : { pickedBecause }),
    })
    return { facts, diagnostic, wire }
  }
}
