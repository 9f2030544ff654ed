import { useEffect, useMemo, useState } from 'react'
import { formatBytes, formatCount } from '../ui/format.ts'
import { Scrollable } from '../ui/Scrollable.tsx'
import { base64Digest, type Base64Run } from './base64.ts'
import { headOf, titleOfHidden, toInert, type InertPart } from './inert.ts'
import { SHOWN_CHARACTERS } from './limits.ts'

type UntrustedProps = {
  /** Text that an agent, a document, a tool or a sender wrote. */
  readonly text: string
  /** `line` for labels, `block` for texts with lines of their own and a note of what was found. */
  readonly as?: 'line' | 'block'
  readonly className?: string
}

/**
 * The only way by which captured text reaches the page: text nodes and nothing else. No markup, link, image or preview
 * is made of it; hidden characters are drawn by name, URLs are defanged, base64 is named instead of shown.
 */
export function Untrusted({ text, as = 'line', className = '' }: UntrustedProps) {
  const [shown, setShown] = useState(SHOWN_CHARACTERS)
  const inert = useMemo(() => toInert(headOf(text, shown)), [text, shown])
  const rest = Math.max(0, text.length - shown) + inert.cut
  const parts = inert.parts.map((part, index) => <Part key={index} part={part} />)
  if (as === 'line') {
    return (
      <bdi dir="ltr" className={`untrusted ${className}`}>
        {parts}
        {rest > 0 && '…'}
      </bdi>
    )
  }
  return (
    <div className={className}>
      <Findings hidden={inert.hidden} mixed={inert.mixed} />
      <Scrollable isPart label="Captured text" className="untrusted untrusted-block">
        {parts}
      </Scrollable>
      {rest > 0 && (
        <button type="button" className="button mt-2" onClick={() => setShown(shown + SHOWN_CHARACTERS)}>
          {formatCount(rest)} more characters are collapsed: show the next {formatCount(SHOWN_CHARACTERS)}
        </button>
      )}
    </div>
  )
}

function Findings({ hidden, mixed }: { readonly hidden: number; readonly mixed: number }) {
  if (hidden + mixed === 0) return null
  return (
    <p className="note note-warn mb-2">
      {hidden > 0 &&
        `${formatCount(hidden)} hidden or control ${hidden === 1 ? 'character' : 'characters'}, shown by name. `}
      {mixed > 0 &&
        `${formatCount(mixed)} ${mixed === 1 ? 'word mixes' : 'words mix'} scripts that look alike, underlined.`}
    </p>
  )
}

function Part({ part }: { readonly part: InertPart }) {
  switch (part.kind) {
    case 'text':
      return part.text
    case 'url':
      return <span className="inert-url">{part.text}</span>
    case 'hidden':
      return (
        <span className="inert-hidden" title={titleOfHidden(part.name, part.code)}>
          {part.name}
        </span>
      )
    case 'mixed':
      return (
        <span className="inert-mixed" title={`one word, letters of ${part.scripts.join(' and ')}`}>
          {part.text}
        </span>
      )
    case 'masked':
      return (
        <span className="inert-masked" title={`credential found by rule ${part.rule}, masked before it was stored`}>
          masked · {part.rule}
        </span>
      )
    case 'base64':
      return <Base64 run={part.run} />
  }
}

function Base64({ run }: { readonly run: Base64Run }) {
  const [digest, setDigest] = useState<string>()
  useEffect(() => {
    let isCurrent = true
    void base64Digest(run.encoded).then((found) => {
      if (isCurrent) setDigest(found)
    })
    return () => {
      isCurrent = false
    }
  }, [run.encoded])
  return (
    <span className="inert-data">
      base64 · {run.mediaType} · {formatBytes(run.bytes)}
      {digest !== undefined && ` · sha256 ${digest.slice(0, 16)}…`}
    </span>
  )
}
