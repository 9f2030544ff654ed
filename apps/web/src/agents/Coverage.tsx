import type { AgentDetail } from '@holdfast/api'
import { Untrusted } from '../text/Untrusted.tsx'
import { ContentBadge } from '../ui/Badges.tsx'
import { formatCount, plural } from '../ui/format.ts'
import { Share } from '../ui/Page.tsx'

/** How much of what an agent told can be read, and by which dialects. */
export function Coverage({ agent: { coverage, members, versions } }: { readonly agent: AgentDetail }) {
  const contents = Object.entries(coverage.contents)
  return (
    <aside
      aria-label="Capture coverage"
      // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- WCAG 2.1.1: what scrolls must take the focus
      tabIndex={0}
      className="flex w-full shrink-0 flex-col gap-5 overflow-auto border-line bg-surface p-4 lg:w-88 lg:border-l"
    >
      <section>
        <h2 className="mb-1 font-semibold">How much can be read</h2>
        <Share
          share={coverage.entries === 0 ? 0 : coverage.mapped / coverage.entries}
          label="records that a dialect maps"
        />
        <p className="text-soft">
          {formatCount(coverage.mapped)} of {plural(coverage.entries, 'record')} are understood; the rest is kept as
          received.
        </p>
      </section>
      <section>
        <h3 className="eyebrow mb-1">Dialects</h3>
        <ul className="flex flex-col gap-1.5">
          {coverage.dialects.map(({ dialect, instrumentation, entries }) => (
            <li key={`${dialect} ${instrumentation}`} className="flex items-baseline gap-2">
              <span className="min-w-0 flex-1">
                <Untrusted text={dialect} className="font-medium" />
                <Untrusted text={instrumentation} className="mono block truncate text-faint" />
              </span>
              <span className="tabular">{formatCount(entries)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="eyebrow mb-1">Contents</h3>
        {contents.length === 0 && (
          <p className="text-soft">No prompt, argument or result was stated, captured or not.</p>
        )}
        <ul className="flex flex-col gap-1">
          {contents.map(([state, count]) => (
            <li key={state} className="flex items-center justify-between">
              {/* The keys of this record are content states: its schema says so. */}
              <ContentBadge state={state as keyof AgentDetail['coverage']['contents']} />
              <span className="tabular">{formatCount(count)}</span>
            </li>
          ))}
        </ul>
      </section>
      <section>
        <h3 className="eyebrow mb-1">Fields that no dialect maps</h3>
        {coverage.unmappedKeys.length === 0 ? (
          <p className="text-soft">None: every field that arrived is understood.</p>
        ) : (
          <>
            <ul className="flex flex-col gap-0.5">
              {coverage.unmappedKeys.map(({ key, entries }) => (
                <li key={key} className="flex gap-2">
                  <Untrusted text={key} className="mono min-w-0 flex-1 truncate" />
                  <span className="tabular text-soft">{formatCount(entries)}</span>
                </li>
              ))}
            </ul>
            <p className="mt-1 text-faint">
              {formatCount(coverage.unmappedKeys.length)} of {formatCount(coverage.unmappedKeysTotal)} fields. All are
              kept in the log as received.
            </p>
          </>
        )}
      </section>
      <Names title="Named agents inside" names={members} />
      <Names title="Versions" names={versions} />
    </aside>
  )
}

function Names({ title, names }: { readonly title: string; readonly names: readonly string[] }) {
  if (names.length === 0) return null
  return (
    <section>
      <h3 className="eyebrow mb-1">{title}</h3>
      <ul className="flex flex-wrap gap-1">
        {names.map((name) => (
          <li key={name} className="badge">
            <Untrusted text={name} />
          </li>
        ))}
      </ul>
    </section>
  )
}
