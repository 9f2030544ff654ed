/**
 * Beginnings of words of languages other than English, without accents, with the concept that they stand for (concepts.ts names it by its
 * English word). A beginning of Latin letters counts with an ending of those languages, of another script with any: what follows is grammar.
 */
const LATIN: Readonly<Record<string, string>> = {
  pay: 'uberweis uberwies bezahl zahle zahlt begleich paye payez paiem virem virez regle transfier transfer trasfer bonific abone pagar pague pagam pagat betaal',
  send: 'schick versend versand ubermittel zusend leite leitet weiterleit envoy envoi expedi transmet transmis envia envie reenvi mande mandar invia invii inoltr spedi encaminh verstuur stuur',
  buy: 'kauf bestell erwerb achet achat commande compra compre pedir pidel pidan encarg adquir acquist encomend koop bestel',
  delete:
    'losch entfern beseitig supprim efface enlev retire borrar borra elimin quitar quita suprim cancell rimuov exclu apaga apague remov verwijder wis',
  create:
    'erstell anleg erzeug eintrag hinzufug ajout creer creez anad agreg crear aggiung adicion criar crie toevoeg maak',
  change:
    'ander aktualisier ersetz wechsel umstell modifi remplac changez cambi actualiz sustitu reemplaz poner pong aggiorn sostitu alter mudar mude atualiz substitu wijzig vervang',
  share:
    'teile geteilt veroffentlich freigeb partag publie diffus compart publica publico publique condivid pubblic compartilh partilh deel',
  read: 'offne geoffnet aufruf besuch klick anseh ouvre ouvrir ouvert consult cliqu visite abrir abre lean visita visite hacer aprir apri acess abra lees bezoek',
  invite: 'einlad eingelad invit convid uitnodig',
  schedule: 'buche gebucht reservier vereinbar reserv planifi agend prenot boek',
  cancel: 'stornier kundig gekundigt absag annul resili cancel anul annull disdi',
  run: 'ausfuhr ausgefuhr execut lancer lancez ejecut lanza esegu avvi',
  grant: 'gewahr erlaub genehmig autoris accorde accordez accorder autoriz conced autorizz',
  refund: 'erstatt rembours reembols devolv devuelv rimbors',
  write: 'schreib speicher notier ecris ecriv enregistr escrib guarda guarde scriv salva escrev',
  reply: 'antwort beantwort repond contesta contestar conteste rispond antwoord',
  download: 'herunterlad heruntergelad telecharg descarg scaric descarreg baixe baixar',
  password: 'passwort kennwort contrasen senha wachtwoord',
  account: 'konto konten compte cuenta conta conto rekening',
  file: 'datei dokument fichier archivo fichero arquivo documento bestand',
}

const OTHER_SCRIPTS: Readonly<Record<string, string>> = {
  pay: '转账 轉帳 转帐 汇款 付款 支付 送金 振込 송금 결제 перевед перевод оплат заплат πληρω שלם',
  send: '发送 發送 转发 發給 发给 送信 送っ 送る 보내 отправ перешл пошл στειλ στείλ שלח العث أرسل ارسل',
  buy: '购买 購買 购入 下单 购物 購入 注文 구매 주문 куп закаж приобрет αγορ παραγγ קנה اشتر',
  delete: '删除 刪除 移除 削除 삭제 удал διαγρ מחק احذف',
  create: '创建 新建 添加 加入 作成 追加 생성 추가 созда добав δημιουργ צור أنشئ أضف',
  change: '更改 修改 改为 改成 变更 更新 更换 设置 变更 変更 設定 변경 измен смен обнов замен αλλα αλλά שנה غير حدث',
  share: '分享 共享 公开 共有 公開 공유 подел опублик κοινοπο שתף شارك',
  read: '打开 阅读 查看 访问 点击 開い 開く 読ん 열어 방문 открой открыт прочит посет перейд нажм ανοιξ άνοιξ פתח افتح',
  invite: '邀请 邀請 招待 초대 приглас προσκα προσκά הזמן ادع',
  schedule: '预订 预约 预定 安排 予約 예약 заброниров забронир κρατησ κράτησ احجز',
  cancel: '取消 취소 отмен ακυρ בטל ألغ',
  run: '执行 运行 実行 실행 выполн запуст εκτελ הרץ نفذ',
  refund: '退款 返金 환불 верни возмест επιστρ',
  write: '写入 保存 書い 저장 запиш напиш сохран γραψ γράψ כתוב اكتب',
  reply: '回复 回覆 返信 답장 회신 ответ απαντ ענה رد',
  download: '下载 下載 다운 скача κατεβα κατέβα הורד نزل',
  password: '密码 密碼 口令 スワ 비밀번호 парол κωδικ סיסמ كلمة',
  account: '账户 帐户 账号 賬戶 口座 アカ 계정 계좌 счет счёт аккаунт λογαρ חשבון حساب',
  file: '文件 文档 檔案 ファ 파일 файл документ αρχει αρχεί קובץ ملف',
}

/** Endings of verbs in German, Dutch and the Romance languages, with the pronouns that Spanish and Italian hang on them. */
const ENDING =
  /^(?:e|en|n|st|t|te|ten|tes|tet|et|est|ung|ungen|er|ern|ere|ert|erte|erst|end|end[oa]s?|s|es|er|ez|ons|ent|ant|ement|ements|ee?s?|r|re|ir|ier|iere|ierte?|iert|ieren|i|is|it|o|a|as|an|ar|ad[oa]s?|id[oa]s?|and[oa]|iend[oa]|ando|cion|acion|aciones|cao|azione|amento|amiento|imiento|ione|ta|to|ti|ato|ata|ati|ate|are|ere|ire|ce|cez|cer|z|ze|zen|u|ye|ya|yo|ndo|ndol[oa]s?|uye|uya|uir|uire|ue|uez|uer|a?r?(?:lo|la|los|las|le|les|se|me|nos|selo|sela)|e?(?:lo|la|los|las|le|les|selo|sela))$/

const SEPARABLE =
  /^(an|auf|aus|ab|ein|mit|nach|um|vor|weiter|zuruck|hinzu|herunter|frei|door|over|toe)(?:ge|zu)?(?=\p{L}{3})/u

/** Pronouns that hang on a verb: `envíaselo`. */
const CLITIC = /(?<=\p{L}{4})(?:sel[oa]s?|l[oae]s?|nos|me)$/u

const LONGEST = 12
/** A longer one is no word that a person wrote, and to bring its marks into order takes a step for each pair of them. */
const LONGEST_WORD = 64
const LEAST_LATIN = 3
const STEMS = new Map(entries(LATIN))
const STARTS = new Set([...STEMS.keys()].map((stem) => stem.slice(0, LEAST_LATIN)))
const BEGINNINGS = new Map(entries(OTHER_SCRIPTS))
const LATIN_WORD = /^[a-z]+$/

/** The concept, by its English word, that a lower-case word of another language stands for; undefined for none and for English. */
export function foreignConcept(word: string): string | undefined {
  // What is asked of a text's words is a sixth of all that reading it costs, and texts repeat theirs.
  const known = remembered.get(word)
  if (known !== undefined || remembered.has(word)) return known
  const concept = word.length > LONGEST_WORD ? undefined : sought(word)
  if (word.length <= LONGEST_WORD) {
    if (remembered.size >= REMEMBERED) remembered.clear()
    remembered.set(word, concept)
  }
  return concept
}

/** Words that were looked up lately, with what they stand for: the same for every text. */
const remembered = new Map<string, string | undefined>()
const REMEMBERED = 20_000

function sought(word: string): string | undefined {
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('ß', 'ss')
  if (!LATIN_WORD.test(plain)) return beginning(BEGINNINGS, word, 1) ?? beginning(BEGINNINGS, plain, 1)
  return (
    latin(plain) ??
    latin(plain.replace(SEPARABLE, '$1')) ??
    latin(plain.replace(SEPARABLE, '')) ??
    latin(plain.replace(CLITIC, '')) ??
    latin(plain.replace(/^ge(?=\p{L}{4})/u, ''))
  )
}

function latin(word: string): string | undefined {
  if (!STARTS.has(word.slice(0, LEAST_LATIN))) return undefined
  for (let length = Math.min(word.length, LONGEST); length >= LEAST_LATIN; length--) {
    const concept = STEMS.get(word.slice(0, length))
    if (concept !== undefined && (length === word.length || ENDING.test(word.slice(length)))) return concept
  }
  return undefined
}

function beginning(beginnings: ReadonlyMap<string, string>, word: string, least: number): string | undefined {
  for (let length = Math.min(word.length, LONGEST); length > least; length--) {
    const concept = beginnings.get(word.slice(0, length))
    if (concept !== undefined) return concept
  }
  return undefined
}

function entries(table: Readonly<Record<string, string>>): readonly [string, string][] {
  return Object.entries(table).flatMap(([concept, stems]) =>
    stems.split(' ').map((stem): [string, string] => [stem, concept]),
  )
}
