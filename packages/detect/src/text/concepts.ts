import { foreignConcept } from './foreign-words.ts'
import { stem } from './stem.ts'

/** Words for one deed or thing, so that what was asked in one word is found again in another. First of each names it. */
const GROUPS: readonly string[] = [
  'pay transfer remit wire payment transaction money überweisen überweise überweisung payer paie virement pagar paga transferir transfiere transferencia',
  'send forward deliver mail email e-mail message notify text sende senden schicke schicken envoyer envoie envoyez enviar envía envia envíe inviare invia',
  'buy purchase order cart checkout acquire kaufe kaufen bestelle bestellen acheter achète achetez comprar compra compre',
  'delete remove erase wipe clear drop discard purge trash lösche löschen entferne entfernen supprimer supprime supprimez borrar borra elimina eliminar elimine',
  'create add make new insert register erstelle erstellen anlegen créer crée créez crear crea cree añade',
  'change update modify edit set reset replace alter adjust renew switch swap substitute ändere ändern aktualisiere modifier modifie changez cambiar cambia actualiza',
  'share publish post expose disclose upload teile teilen veröffentliche partager partage partagez compartir comparte publica sube',
  'read open view show see get fetch retrieve list look find search lookup browse visit access lies lesen öffne zeige lire lis ouvrir ouvre lisez leer lee abre abrir mostrar muestra',
  'invite invitation attend participant member einladen lade inviter invite invitar invita',
  'schedule book reserve appointment meeting event calendar plane buche termin réserver réserve réservez reservar reserva agenda',
  'cancel revoke stop terminate storniere kündige annuler annule annulez cancelar cancela',
  'run execute launch start invoke call ausführen starte exécuter exécute lancer ejecutar ejecuta lanza',
  'password passcode passphrase secret credential passwort kennwort contraseña clave',
  'file document attachment doc datei dokument fichier document archivo fichero',
  'account',
  'grant permit allow authorize approve gewähre erlaube autoriser autorise autorizar autoriza concede',
  'code otp pin token verification verify',
  'refund reimburse repay erstatte rembourser rembourse reembolsar reembolsa',
  'write append save store schreibe speichere écrire écris escribir escribe guarda',
  'reply respond answer antworte répondre réponds responder responde',
  'download export extract fetch lade exportiere télécharger exporter descargar exportar',
]

const CONCEPTS: ReadonlyMap<string, string> = new Map(
  GROUPS.flatMap((group) => {
    const [name = '', ...others] = group.split(' ')
    return [name, ...others].flatMap((word): [string, string][] => [
      [word, `~${name}`],
      [stem(word), `~${name}`],
    ])
  }),
)

/** The concept that a lower-case word stands for, if any: `~pay` for `transfer`. */
export function conceptOf(word: string): string | undefined {
  const known = CONCEPTS.get(word) ?? CONCEPTS.get(stem(word))
  if (known !== undefined) return known
  const foreign = foreignConcept(word)
  return foreign === undefined ? undefined : CONCEPTS.get(foreign)
}
