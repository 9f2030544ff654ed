import { parentPort, workerData } from 'node:worker_threads'
import { LogReader } from '@holdfast/recorder'
import { simulated, type FromSimulation, type SimulationData } from './simulate.ts'

/** Replays one window of the log against policies, away from the threads that record and answer. */
function main(port: NonNullable<typeof parentPort>, { folder, task }: SimulationData): void {
  using reader = LogReader.open({ folder })
  const say = (message: FromSimulation): void => port.postMessage(message)
  const steps = simulated(task, { reader, now: () => performance.now() })
  let toldAt = 0
  for (;;) {
    const step = steps.next()
    if (step.done === true) return say({ kind: 'done', result: step.value })
    // A segment takes a few milliseconds: not each of them is news.
    if (performance.now() - toldAt < TOLD_EVERY_MS) continue
    toldAt = performance.now()
    say({ kind: 'progress', ...step.value })
  }
}

const TOLD_EVERY_MS = 200

if (parentPort !== null) {
  try {
    main(parentPort, workerData as SimulationData) // Simulations starts this with nothing else
  } catch (error) {
    const message = error instanceof Error ? error.message : 'unknown fault'
    parentPort.postMessage({ kind: 'failed', message } satisfies FromSimulation)
  }
}
