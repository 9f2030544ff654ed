const list = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter((word) => word !== ''))

/** Base forms that are verbs and hardly anything else. */
export const CLEAR_VERBS = list(`
accept access acquire activate add adjust allow append apply approve archive ask assign attach authorize authorise avoid become begin
block bring build buy calculate cancel choose clear click close collect commit compile compose compute confirm connect consider contact
convert copy create deactivate decline decode decrypt define delete deliver deploy describe disable disclose discard dismiss display
download draft drop edit eliminate email enable encode encrypt ensure enter erase exclude execute expand explain export extract fetch
fill find finish follow forget format forward generate get give go grant hide hire identify ignore import include inform initiate insert
inspect install invite invoke join keep kill launch leave let locate log look lookup mail make mention merge modify move navigate notify
obtain open output overwrite pass paste pay perform permit pick place prepare prevent print proceed process produce provide publish
purchase purge put read rebook recommend record redirect refer refund register reject relay remind remit remove rename repeat replace
reply repost reschedule reserve reset resolve respond restart restore retrieve return reveal review revoke rewrite run save say schedule
search select sell send serve set share show sign skip speak specify split start stop submit subscribe suggest summarize summarise supply
switch take tell terminate test transfer translate transmit treat try turn uninstall unlock unsubscribe update upgrade upload use
validate verify view visit wait wipe wire withdraw write`)

/** Base forms that are nouns as well: what stands behind them decides. */
export const NOUN_VERBS = list(`
address answer book call cart change charge check code comment credit debit delay deposit display document email end file finance flag
fund grade help hold input invoice issue label link list load lock log mail map mark message name need note offer order pin plan point post
present prompt query quote rate record refund repeat reply report request return review route sample scan schedule score search share
ship sign sort start state stop store study supply support tag target test text track trade transfer transport update upload use
value view visit vote work`)

/** Irregular past forms of the verbs above. */
export const PAST_FORMS = list(
  `sent paid bought made gave told took put got kept left held found wrote read ran sold set withdrew let`,
)

type Language = {
  readonly please: RegExp
  readonly verbs: RegExp
  readonly modal: RegExp
  /** What says of a deed that it is open, due or wished for. */
  readonly open?: RegExp
  /** For scripts whose words are not parted by blanks, or that name the language by themselves. */
  readonly script?: RegExp
}

const words = (text: string): RegExp => new RegExp(`[ ,:](?:${text.trim().split(/\s+/).join('|')})[ ,:]`, 'u')

/** Imperatives and polite orders of languages other than English. */
export const OTHER_IMPERATIVES: readonly Language[] = [
  {
    please: words('bitte'),
    verbs:
      words(`sende senden schick schicke schicken überweise überweisen zahle zahlen kaufe kaufen bestelle bestellen lösche löschen
entferne entfernen ändere ändern aktualisiere aktualisieren erstelle erstellen öffne öffnen lies lesen teile teilen leite weiterleiten
veröffentliche veröffentlichen buche buchen storniere stornieren kündige kündigen lade laden führe ausführen setze setzen füge hinzufügen
gib geben rufe ruf nimm trage speichere speichern schreibe schreiben antworte antworten besuche besuchen klicke klicken ignoriere melde verwende nutze übertrage übertragen`),
    modal: words('muss musst müssen soll sollst sollen sollte sollten solltest du sie gebeten darf dürfte wäre wären'),
    open: words('ist sind wird werden noch zu fehlt offen fällig steht braucht gebraucht'),
  },
  {
    please: / (?:s'il vous plaît|s'il te plaît|veuillez|merci de|svp) /u,
    verbs:
      words(`envoie envoyez envoyer transfère transférez transférer vire virez paie payez payer achète achetez acheter commande commandez
supprime supprimez supprimer efface effacez effacer modifie modifiez modifier change changez changer crée créez créer ajoute ajoutez ajouter
ouvre ouvrez ouvrir lis lisez lire partage partagez partager publie publiez publier réserve réservez réserver annule annulez annuler
exécute exécutez exécuter télécharge téléchargez télécharger écris écrivez écrire réponds répondez répondre visite visitez ignore ignorez donne donnez effectue effectuez effectuer utilise utilisez`),
    modal: words('doit doivent devez dois faut vous devrait devriez prière prié priée pourrait convient'),
    open: words('reste sera est à manque souhaité demandé'),
  },
  {
    please: / por favor /u,
    verbs:
      words(`envía envia envíe envie enviar transfiere transfiera transferir paga pague pagar compra compre comprar pide pida pedir borra borre
borrar elimina elimine eliminar cambia cambie cambiar actualiza actualice actualizar crea cree crear añade añada añadir agrega agregue agregar abre abra
abrir lee lea leer comparte comparta compartir publica publique publicar reserva reserve reservar cancela cancele cancelar ejecuta ejecute ejecutar
descarga descargue descargar sube suba subir escribe escriba escribir responde responda responder visita visite visitar ignora ignore reenvía reenvíe reenviar realiza realice realizar usa use
adicione adicionar exclua excluir apague apagar altere alterar transfira abra leia faça execute acesse responda`),
    modal: words('debe debes deben debería tiene tienes hay que deve você usted precisa conviene ruega podría'),
    open: words('falta faltan queda se para por hace pendiente'),
  },
  {
    please: / (?:per favore|per piacere|cortesemente|alstublieft|alsjeblieft|graag) /u,
    verbs:
      words(`invia inviare invii trasferisci trasferire paga pagare compra comprare acquista acquistare ordina ordinare elimina eliminare cancella
cancellare modifica modificare cambia cambiare aggiorna aggiornare crea creare aggiungi aggiungere apri aprire leggi leggere condividi condividere pubblica
pubblicare prenota prenotare annulla annullare esegui eseguire scarica scaricare scrivi scrivere rispondi visita ignora
stuur sturen betaal betalen koop kopen bestel bestellen verwijder verwijderen wijzig wijzigen maak voeg toevoegen open lees deel delen boek annuleer voer`),
    modal: words('deve devi dovete bisogna moet moeten dient u dovrebbe potrebbe zou'),
    open: words('resta manca va da nog te'),
  },
  {
    script: /\p{Script=Han}/u,
    please: /请|請|务必|必须|需要你/u,
    verbs:
      /发送|發送|转账|轉帳|支付|购买|購買|删除|刪除|更改|修改|创建|添加|打开|分享|预订|取消|执行|下载|上传|回复|忽略|转发/u,
    modal: /必须/u,
  },
  {
    script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
    please: /ください|下さい|お願い/u,
    verbs:
      /送信して|送って|送金して|購入して|削除して|変更して|作成して|開いて|共有して|予約して|実行して|返信して|無視して/u,
    modal: /必要/u,
  },
  {
    script: /\p{Script=Hangul}/u,
    please: /주세요|하십시오|바랍니다/u,
    verbs: /보내|송금|구매|삭제|변경|생성|추가|열어|공유|예약|취소|실행|무시/u,
    modal: /해야/u,
  },
  {
    script: /\p{Script=Cyrillic}/u,
    please: /пожалуйста|прошу|будь ласка/iu,
    verbs:
      /отправь|отправьте|переведи|переведите|заплати|оплатите|купи|купите|закажи|удали|удалите|измени|измените|создай|создайте|добавь|добавьте|открой|откройте|перешли|перешлите|поделись|выполни|выполните|скачай|игнорируй|забронируй|отмени|отмените/iu,
    modal: /должен|нужно|необходимо/iu,
  },
  {
    script: /\p{Script=Arabic}/u,
    please: /يرجى|الرجاء|من فضلك/u,
    verbs: /أرسل|ارسل|حوّل|حول|ادفع|اشتر|احذف|غيّر|غير|أنشئ|أضف|افتح|شارك|نفذ|تجاهل|احجز/u,
    modal: /يجب/u,
  },
]
