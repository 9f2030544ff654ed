import type { UnixNano } from '@holdfast/model'
import type { LogReader, Recorder } from '@holdfast/recorder'
import { Statements } from '../response/statements.ts'
import type { ViewsClient } from '../views/client.ts'
import { convergenceSource } from './convergence-source.ts'
import { Diagnostics } from './diagnostics.ts'
import { GapLedger } from './gap-ledger.ts'
import { inventorySource } from './inventory-source.ts'
import { scopeSource } from './scope-source.ts'

export type DiagnosticParts = {
  readonly recorder: Pick<Recorder, 'size' | 'publicKey'>
  readonly reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly views: Pick<ViewsClient, 'ask'>
  readonly clock: () => UnixNano
}

/** Connects the diagnostic to the queries that each question is answered from. */
export function openDiagnostics({ recorder, reader, views, clock }: DiagnosticParts): Diagnostics {
  return new Diagnostics({
    views,
    recorder,
    gaps: new GapLedger(reader),
    questions: {
      inventory: inventorySource(views),
      convergence: convergenceSource({ views, statements: new Statements(reader) }),
      scope: scopeSource(views),
      envelopes: async () => undefined,
      drift: async () => undefined,
      audit: async () => undefined,
    },
    clock,
    nowMs: () => performance.now(),
  })
}
