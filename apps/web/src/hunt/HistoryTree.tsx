import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { paths } from '../paths.ts'
import type { HuntSearch } from '../search-params.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { asking, branches, NO_HISTORY, parseHistory, type History } from './history.ts'

const KEY = 'holdfast.hunt-history'

/** Questions of this browser as a tree: a way back to each, and to what was asked from it. */
export function useHistory({ q, from, to, clock }: HuntSearch): readonly [History, () => void] {
  const [history, setHistory] = useState(() => parseHistory(localStorage.getItem(KEY)))
  // What the address asks now is the newest question, whoever changed it.
  const next = asking(history, {
    ...(q === undefined ? {} : { q }),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(clock === undefined ? {} : { clock }),
  })
  if (next !== history) setHistory(next)
  useEffect(() => localStorage.setItem(KEY, JSON.stringify(history)), [history])
  const clear = (): void => setHistory(NO_HISTORY)
  return [history, clear]
}

type HistoryTreeProps = { readonly history: History; readonly onClear: () => void }

export function HistoryTree({ history, onClear }: HistoryTreeProps) {
  const rows = branches(history)
  return (
    <div className="flex flex-col gap-2 p-3">
      <ol>
        {rows.map(({ asked: { id, search }, level }) => (
          <li key={id} className="truncate leading-6" style={{ paddingLeft: `${Math.min(level, 8) * 0.75}rem` }}>
            <span aria-hidden="true" className="text-faint">
              {level === 0 ? '' : '└ '}
            </span>
            <Link
              to={paths.hunt}
              search={search}
              className={id === history.here ? 'font-semibold text-accent' : 'link'}
              aria-current={id === history.here ? 'true' : undefined}
            >
              <Untrusted text={wordsOf(search)} />
            </Link>
          </li>
        ))}
      </ol>
      <p className="text-xs text-faint">
        Kept by this browser.{' '}
        {rows.length > 0 && (
          <button type="button" className="link" onClick={onClear}>
            Forget it
          </button>
        )}
      </p>
    </div>
  )
}

function wordsOf({ q = '', from, to, clock }: HuntSearch): string {
  const window = [from === undefined ? '' : `from ${from}`, to === undefined ? '' : `to ${to}`]
    .filter(Boolean)
    .join(' ')
  return [q === '' ? 'everything' : q, window, clock === 'recorded' ? 'as recorded' : ''].filter(Boolean).join(', ')
}
