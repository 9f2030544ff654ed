import type { ConnectorClock } from '../connector.ts'

/** Time that passes only where somebody waits, and then ten times as fast: a probe that never holds is tried a few times. */
export class TestClock implements ConnectorClock {
  nowMs = Date.UTC(2026, 2, 2, 12)
  waits = 0

  now = (): number => this.nowMs

  wait = async (ms: number): Promise<void> => {
    this.waits += 1
    this.nowMs += ms * 10
  }
}
