import { Dialog, Heading, Modal, ModalOverlay } from 'react-aria-components'
import { Icon } from '../ui/Icon.tsx'
import { KEY_GROUPS, KEYS, printKeys, type KeyBinding } from './keys.ts'
import { usePreference } from './preferences.ts'

/** The keyboard table, as it is bound. */
export function KeysDialog({ onClose }: { readonly onClose: () => void }) {
  const [singleKeys, setSingleKeys] = usePreference('keys')
  const isMac = /mac/i.test(navigator.userAgent)
  const bindings: readonly KeyBinding[] = Object.values(KEYS)
  return (
    <ModalOverlay isOpen isDismissable onOpenChange={onClose} className="scrim">
      <Modal className="dialog">
        <Dialog className="p-5 outline-none">
          <div className="mb-3 flex items-center">
            <Heading slot="title" className="text-lg font-semibold">
              Keyboard
            </Heading>
            <button type="button" className="button button-quiet ml-auto" aria-label="Close" onClick={onClose}>
              <Icon name="close" />
            </button>
          </div>
          {KEY_GROUPS.map(([group, title]) => (
            <section key={group} className="mb-4">
              <h3 className="eyebrow mb-1">{title}</h3>
              <dl className="grid grid-cols-[7rem_1fr] gap-y-1">
                {bindings
                  .filter((binding) => binding.group === group)
                  .map(({ keys, act }) => (
                    <div key={keys} className="contents">
                      <dt className="flex items-center gap-1">
                        {printKeys(keys, isMac).map((key) => (
                          <kbd key={key} className="key">
                            {key}
                          </kbd>
                        ))}
                      </dt>
                      <dd>{act}</dd>
                    </div>
                  ))}
              </dl>
            </section>
          ))}
          <label className="flex items-center gap-2">
            <input
              type="checkbox"
              checked={singleKeys === 'on'}
              onChange={(event) => setSingleKeys(event.target.checked ? 'on' : 'off')}
            />
            Single letters and signs act as keys
          </label>
          <p className="mt-2 text-faint">No key contains, deletes or changes anything.</p>
        </Dialog>
      </Modal>
    </ModalOverlay>
  )
}
