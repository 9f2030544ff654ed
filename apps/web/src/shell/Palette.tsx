import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useRouter } from '@tanstack/react-router'
import { useDeferredValue, useState } from 'react'
import { Autocomplete, Dialog, Input, Menu, MenuItem, Modal, ModalOverlay, SearchField } from 'react-aria-components'
import { queries } from '../data/queries.ts'
import { paths, safePath } from '../paths.ts'
import { huntFor } from '../search/hunt-for.ts'
import { inertLine } from '../text/inert.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { withInstant } from './at/with-instant.ts'
import { PAGES } from './pages.ts'

/** One box that opens any id, and any page by name. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter()
  const [text, setText] = useState('')
  const q = useDeferredValue(text.trim())
  const { data, error, isFetching } = useQuery({ ...queries.search(q), placeholderData: keepPreviousData })
  const hits = q === '' ? [] : (data?.items ?? [])
  const pages = PAGES.filter(({ label }) => label.toLowerCase().includes(text.trim().toLowerCase())).map(
    ({ to, label }) => ({ kind: 'page', id: '', href: to, label }),
  )
  // What has no id is looked for in all events.
  const hunt =
    q === '' || hits.length > 0 || isFetching
      ? []
      : [
          {
            kind: 'hunt',
            id: '',
            href: `${paths.hunt}?q=${encodeURIComponent(JSON.stringify(huntFor(q)))}`,
            label: `look for ${q} in all events`,
          },
        ]
  const entries = [...hits, ...pages, ...hunt]
  const open = (href: string | undefined): void => {
    onClose()
    const path = href === undefined ? undefined : safePath(href)
    if (path !== undefined) router.history.push(withInstant(path, location.search))
  }
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="scrim">
      <Modal className="dialog">
        <Dialog aria-label="Open any id" className="outline-none">
          <Autocomplete inputValue={text} onInputChange={setText}>
            {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- the dialog was asked for by a key, to type into */}
            <SearchField aria-label="Open any id" autoFocus className="border-b border-line">
              <Input
                placeholder="incident, plan, finding, agent, pod, conversation, trace, span, event, tool, document, digest, log entry"
                className="w-full bg-transparent px-4 py-3 text-lg outline-none placeholder:text-faint"
              />
            </SearchField>
            <Menu
              aria-label="Results"
              className="p-1 outline-none"
              onAction={(key) => open(entries[Number(key)]?.href)}
              renderEmptyState={() => (
                <p className="px-3 py-4 text-soft">
                  {error !== null
                    ? inertLine(error.message)
                    : isFetching
                      ? 'Looking …'
                      : 'Nothing recorded has that id or name. Ids must be whole, of a plan twelve digits; of a name its start or words are enough.'}
                </p>
              )}
            >
              {entries.map(({ kind, label, id }, index) => (
                <MenuItem key={index} id={String(index)} textValue={inertLine(label)} className="menu-item">
                  <span className="flex items-baseline gap-3">
                    <span className="eyebrow w-24 shrink-0">{kind}</span>
                    <Untrusted text={label} className="truncate" />
                    <Untrusted text={id} className="mono ml-auto max-w-48 shrink-0 truncate text-faint" />
                  </span>
                </MenuItem>
              ))}
            </Menu>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
