export type BrowserErrorCode =
  // files
  | 'FILE_CHANGED' // written to, moved or replaced while it was read
  | 'FILE_UNREADABLE' // never could be read: permission, a removed drive, a cloud folder that is offline
  | 'DIGEST_FAILED' // neither worker nor page could hash it
  // keys of this browser
  | 'KEY_NOT_FOUND' // no key of that name, or the browser's data were cleared
  | 'KEY_EXISTS'
  | 'KEY_STORE_FAILED' // IndexedDB refused
  | 'KEY_DAMAGED' // what is stored is no key
  | 'KEY_LOCKED' // used before it was unlocked
  | 'CERTIFICATE_MISMATCH' // the certificate is for another key
  | 'PASSPHRASE_WRONG'
  | 'PASSPHRASE_WEAK'
  | 'PASSKEY_UNAVAILABLE' // no WebAuthn, or an authenticator without PRF
  | 'PASSKEY_REFUSED' // the person did not confirm, or another passkey was used
  | 'INSECURE_CONTEXT' // no WebCrypto: the page did not come over https
  // verification
  | 'TRUST_LIST_UNAVAILABLE'
  | 'ROLE_INVALID'
  | 'ROOT_INVALID'
  | 'PART_UNAVAILABLE' // a part of the program that is loaded when needed could not be
  | 'CLOSED'
  | 'ABORTED';
