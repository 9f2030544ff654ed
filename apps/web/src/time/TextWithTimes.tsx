import { Fragment } from 'react'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from './Time.tsx'
import { splitTimes } from './time.ts'

/** A sentence of the server in which times stand as everywhere else: in UTC, labelled, and never broken over two lines. */
export function TextWithTimes({ text }: { readonly text: string }) {
  return splitTimes(text).map(({ time, text: piece }, index) => (
    <Fragment key={index}>
      {piece !== '' && <Untrusted text={piece} />}
      {time !== undefined && <Time at={time} />}
    </Fragment>
  ))
}
