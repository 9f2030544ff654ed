import { RecorderError } from '@holdfast/recorder'
import pino, { type DestinationStream, type Level, type Logger } from 'pino'
import { ViewError } from './views/client.ts'

/**
 * What the program says of itself. A part that is still at work when the server ends is refused by what has ended before it, and
 * reports that like any other failure: of an ordinary stop it is no warning, whichever part says so.
 */
export function openLogger(level: string, destination: DestinationStream): Logger {
  return pino(
    {
      name: 'holdfast',
      level,
      hooks: {
        logMethod(said, log, number) {
          const [first] = said
          if (number > DEBUG && isEnd(errorOf(first))) this.debug(...said)
          else log.apply(this, said)
        },
      },
    },
    destination,
  )
}

const DEBUG = pino.levels.values['debug' satisfies Level] ?? 0

function errorOf(said: unknown): unknown {
  return typeof said === 'object' && said !== null && 'err' in said ? said.err : undefined
}

/** Whether nothing is behind an error but that the server was asked to end. */
function isEnd(error: unknown): boolean {
  if (error instanceof ViewError) return error.isEnding
  if (error instanceof RecorderError) return error.code === 'closed'
  return error instanceof AggregateError && error.errors.length > 0 && error.errors.every(isEnd)
}
