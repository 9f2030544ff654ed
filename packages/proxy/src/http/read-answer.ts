import type { IncomingMessage } from 'node:http'
import { ENTRY_BYTES } from '../limits.ts'
import { EventSplitter } from './event-splitter.ts'
import { fieldOf } from './forward.ts'
import { PlainText } from './plain-text.ts'

/** Reads the messages of an answer while it passes, whatever its coding. `lose` is told of what was too long, or unreadable. */
export function readAnswer(
  { rawHeaders }: Pick<IncomingMessage, 'rawHeaders'>,
  { tell, lose }: { readonly tell: (message: Buffer | undefined) => void; readonly lose: () => void },
): { readonly chunk: (bytes: Buffer) => void; readonly end: () => Promise<void> } {
  const type = fieldOf(rawHeaders, 'content-type') ?? ''
  const coding = fieldOf(rawHeaders, 'content-encoding') ?? ''
  if (type.startsWith('text/event-stream')) {
    const events = new EventSplitter(ENTRY_BYTES)
    const take = (bytes: Buffer): void => {
      for (const data of events.push(bytes)) tell(data === undefined ? undefined : Buffer.from(data))
    }
    const plain = new PlainText(coding, take, lose)
    return { chunk: (bytes) => plain.push(bytes), end: () => plain.end() }
  }
  const pieces: Buffer[] = []
  let bytes = 0
  const take = (piece: Buffer): void => {
    bytes += piece.length
    if (bytes <= ENTRY_BYTES) pieces.push(piece)
  }
  const plain = new PlainText(coding, take, lose)
  return {
    chunk: (piece) => plain.push(piece),
    end: async () => {
      await plain.end()
      if (bytes > ENTRY_BYTES) lose()
      else if (/^application\/json\b/.test(type) && bytes > 0) tell(Buffer.concat(pieces))
    },
  }
}
