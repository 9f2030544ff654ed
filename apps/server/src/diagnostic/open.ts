import type { UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import type { Audits } from '../audit/audits.ts'
import type { PolicyBook } from '../policy/policy-book.ts'
import type { PoliciesInForce } from '../policy/violations.ts'
import { Statements } from '../response/statements.ts'
import type { ViewsClient } from '../views/client.ts'
import { Attestations } from './attestations.ts'
import { DiagnosticClockwork } from './clockwork.ts'
import { auditSource } from './audit-source.ts'
import { convergenceSource } from './convergence-source.ts'
import { Diagnostics } from './diagnostics.ts'
import { driftSource } from './drift-source.ts'
import { envelopeSource } from './envelope-source.ts'
import { GapLedger } from './gap-ledger.ts'
import type { DiagnosticParts } from './handlers.ts'
import { inventorySource } from './inventory-source.ts'
import { scopeSource } from './scope-source.ts'
import { Scorecards } from './scorecards.ts'
import { SelfAudits } from './self-audits.ts'
import { RecordedViolations } from './recorded-violations.ts'
import { ViolationLedger } from './violation-ledger.ts'

export type OpenParts = {
  readonly recorder: Recorder
  readonly reader: LogReader
  readonly views: Pick<ViewsClient, 'ask'>
  readonly audits: Audits
  readonly policies: PoliciesInForce & { readonly book: PolicyBook }
  readonly clock: () => UnixNano
  readonly onError: (error: unknown, what: string) => void
}

/** The diagnostic with what it keeps and what looks after its days; the clockwork is started once the rest is there. */
export type OpenDiagnostic = DiagnosticParts & { readonly clockwork: DiagnosticClockwork }

/** Connects the diagnostic to the queries that each question is answered from. */
export function openDiagnostic({
  recorder,
  reader,
  views,
  audits,
  policies,
  clock,
  onError,
}: OpenParts): OpenDiagnostic {
  const gaps = new GapLedger(reader)
  const recorded = new RecordedViolations({ recorder, reader })
  const violations = new ViolationLedger({ reader, policies, state: () => policies.book.state, recorded })
  const diagnostics = new Diagnostics({
    views,
    recorder,
    gaps,
    questions: {
      inventory: inventorySource(views),
      convergence: convergenceSource({ views, statements: new Statements(reader) }),
      scope: scopeSource(views),
      envelopes: envelopeSource({ reader, views, violations, book: policies.book }),
      drift: driftSource(views),
      audit: auditSource({ views, audits, violations }),
    },
    clock,
    nowMs: () => performance.now(),
  })
  const attestations = new Attestations({ recorder, reader, gaps, clock })
  const selfAudits = new SelfAudits({ recorder, reader, views, diagnostics, clock })
  return {
    diagnostics,
    selfAudits,
    scorecards: new Scorecards({ recorder, reader, clock }),
    attestations,
    clockwork: new DiagnosticClockwork({ attestations, selfAudits, violations, onError }),
  }
}
