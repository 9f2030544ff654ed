import { Cases } from '../case/cases.ts'
import { detectFacts } from '../case/detect-facts.ts'
import { loadRunbooks } from '../case/runbooks.ts'
import { callLater } from '../call-later.ts'
import { openResponders } from '../connectors/open-responders.ts'
import { ownMarks } from '../connectors/own-marks.ts'
import { learnFacts } from '../learning/learn-facts.ts'
import { openChannels } from '../notices/open-channels.ts'
import { Outbox } from '../notices/outbox.ts'
import { Recovery } from '../recovery/recovery.ts'
import { recoveryFacts } from '../recovery/recovery-facts.ts'
import { PlanBook } from '../response/plan-book.ts'
import { planFacts } from '../response/plan-facts.ts'
import { passOnQuarantine } from '../scoping/pass-on-quarantine.ts'
import { openScoping } from '../scoping/scoping.ts'
import type { Intake } from './intake.ts'
import type { Spine } from './spine.ts'

/** An incident as work: its runbook, its plans, how far it reaches, how its agents come back, and who is told. */
export type Casework = ReturnType<typeof openCasework>

/** Opens it, in the order in which one part needs another; the stack closes it the other way. */
export function openCasework(stack: AsyncDisposableStack, spine: Spine, { proxyOrders }: Intake) {
  const { recorder, reader, views, connectors, folder, clock, logger } = spine
  const notices = stack.use(
    new Outbox({
      recorder,
      reader,
      channels: openChannels(connectors),
      clock,
      random: Math.random,
      later: callLater,
      logger,
    }),
  )
  const matrix = loadRunbooks()
  const book = new PlanBook({ recorder, reader, clock })
  const systems = openResponders(
    connectors,
    ownMarks(folder, (plan) => book.standingIn(plan)),
  )
  const scoping = openScoping({ recorder, reader, views, clock })
  passOnQuarantine({ ...proxyOrders, scoping, reader, logger })
  const cases = new Cases({
    recorder,
    reader,
    views,
    matrix,
    facts: [
      detectFacts,
      planFacts(book),
      scoping.facts,
      learnFacts(reader),
      (question) => recoveryFacts(recovery)(question),
    ],
    clock,
    onError: (error) => logger.warn({ err: error }, 'a part of the program could not look at something for a case'),
  })
  const recovery = new Recovery({
    recorder,
    reader,
    views,
    cases,
    clock,
    onError: (error) => logger.warn({ err: error }, 'a case was gone on without where an agent comes back'),
  })
  return { notices, matrix, book, systems, scoping, cases, recovery }
}
