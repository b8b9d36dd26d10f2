/* OpenSSL's libcrypto in process: a path of three, or a detached message with it, from DER each time; the root is parsed once.
   libcrypto <root> <ca> <leaf> <epoch seconds> <calls> [<message> <content>]; prints the microseconds of CPU for all calls; exit 1: refused. */
#include <openssl/cms.h>
#include <openssl/x509_vfy.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

typedef struct { unsigned char *octets; long length; } File;

static File read_file(const char *path) {
  File file = {NULL, 0};
  FILE *in = fopen(path, "rb");
  if (in == NULL || fseek(in, 0, SEEK_END) != 0 || (file.length = ftell(in)) < 0) exit(2);
  rewind(in);
  file.octets = malloc(file.length + 1);
  if (file.octets == NULL || fread(file.octets, 1, file.length, in) != (size_t)file.length) exit(2);
  fclose(in);
  return file;
}

static X509 *parse(File file) {
  const unsigned char *at = file.octets;
  return d2i_X509(NULL, &at, file.length);
}

static int verify_path(X509_STORE *store, File leaf_file, File ca_file) {
  X509 *leaf = parse(leaf_file), *ca = parse(ca_file);
  STACK_OF(X509) *untrusted = sk_X509_new_null();
  X509_STORE_CTX *context = X509_STORE_CTX_new();
  sk_X509_push(untrusted, ca);
  int ok = leaf != NULL && ca != NULL && X509_STORE_CTX_init(context, store, leaf, untrusted) == 1 && X509_verify_cert(context) == 1;
  ok = ok && sk_X509_num(X509_STORE_CTX_get0_chain(context)) == 3;
  X509_STORE_CTX_free(context);
  sk_X509_free(untrusted);
  X509_free(ca);
  X509_free(leaf);
  return ok;
}

static int verify_message(X509_STORE *store, File message, File content) {
  const unsigned char *at = message.octets;
  CMS_ContentInfo *cms = d2i_CMS_ContentInfo(NULL, &at, message.length);
  BIO *in = BIO_new_mem_buf(content.octets, (int)content.length);
  int ok = cms != NULL && CMS_verify(cms, NULL, store, in, NULL, CMS_BINARY) == 1;
  BIO_free(in);
  CMS_ContentInfo_free(cms);
  return ok;
}

static long cpu_us(void) {
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  return (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000000L + used.ru_utime.tv_usec + used.ru_stime.tv_usec;
}

int main(int count, char **args) {
  if (count != 6 && count != 8) return 2;
  File root = read_file(args[1]), ca = read_file(args[2]), leaf = read_file(args[3]);
  File message = {NULL, 0}, content = {NULL, 0};
  if (count == 8) {
    message = read_file(args[6]);
    content = read_file(args[7]);
  }
  X509_STORE *store = X509_STORE_new();
  X509_STORE_add_cert(store, parse(root));
  X509_VERIFY_PARAM_set_time(X509_STORE_get0_param(store), atol(args[4]));
  long calls = atol(args[5]);
  /* What a process pays once is not counted. */
  int ok = count == 8 ? verify_message(store, message, content) : verify_path(store, leaf, ca);
  long before = cpu_us();
  for (long i = 0; ok && i < calls; i++) ok = count == 8 ? verify_message(store, message, content) : verify_path(store, leaf, ca);
  printf("%ld\n", cpu_us() - before);
  return ok ? 0 : 1;
}
