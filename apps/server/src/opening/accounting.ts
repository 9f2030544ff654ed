import { randomUUID } from 'node:crypto'
import { Annotations } from '../annotations/annotations.ts'
import { Audits } from '../audit/audits.ts'
import { openDiagnostic } from '../diagnostic/open.ts'
import { openDrift } from '../drift/open-drift.ts'
import { Duties } from '../duties/duties.ts'
import { loadRegimes } from '../duties/load-regimes.ts'
import { collectorPlaces } from '../policy/around.ts'
import { openPolicies } from '../policy/open-policies.ts'
import { RevealLog } from '../reveal-log.ts'
import type { Casework } from './casework.ts'
import type { Intake } from './intake.ts'
import type { Spine } from './spine.ts'

/** What accounts for agents and incidents: readings on record, notes, duties, drift, policies, audit rows, the diagnostic. */
export type Accounting = ReturnType<typeof openAccounting>

/** Opens it, in the order in which one part needs another; the stack closes it the other way. */
export function openAccounting(stack: AsyncDisposableStack, spine: Spine, given: Intake & Casework) {
  const { options, recorder, reader, views, connectors, folder, gaps, clock, logger } = spine
  const { notices, systems, otlpHttp, otlpGrpc } = given
  // FC3: who reads content is on record first.
  const reveals = new RevealLog({
    write: (record) => recorder.appendControl(record),
    now: () => performance.now(),
    makeId: randomUUID,
  })
  const duties = stack.use(
    new Duties({
      recorder,
      reader,
      views,
      regimes: loadRegimes(),
      notices,
      clock,
      onError: (error) => logger.error({ err: error }, 'a duty that began could not be told'),
    }),
  )
  const shared = { recorder, reader, views, clock, logger }
  const drift = stack.use(openDrift({ ...shared, notices, connectors, gaps, policy: () => spine.policy.current() }))
  const annotations = new Annotations(shared)
  const collector = collectorPlaces(options.host, [otlpHttp.port, otlpGrpc.port])
  const { policies, keepers } = openPolicies({ ...shared, folder, connectors, systems, notices, collector })
  stack.use(keepers)
  const audits = new Audits({ recorder, reader, views, reveals, policies, folder })
  const diagnostic = openDiagnostic({
    recorder,
    reader,
    views,
    audits,
    policies,
    clock,
    onError: (error, what) => logger.error({ err: error }, what),
  })
  stack.use(diagnostic.clockwork)
  return { reveals, duties, drift, annotations, policies, keepers, audits, diagnostic }
}
