import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.Security;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.Date;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * Writes PFX files around one SM2 key (root and leaf, SM3withSM2), one request a line on standard input, one answer a line:
 *
 *   folder name keystore password   -> ok; writes <folder>/<name>.pfx, and leaf.der and root.der once
 *
 * keystore: PKCS12 (3DES and RC2-40, BER), PKCS12-3DES-3DES, PKCS12-DEF (the same with Sun's encodings).
 */
public class Pfx {
  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    KeyPair root = pair();
    KeyPair leaf = pair();
    X509Certificate rootCertificate = certificate("CN=Root", root, "CN=Root", root);
    X509Certificate leafCertificate = certificate("CN=Leaf", leaf, "CN=Root", root);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] request = line.split(" ", -1);
      Path folder = Path.of(request[0]);
      Files.write(folder.resolve("root.der"), rootCertificate.getEncoded());
      Files.write(folder.resolve("leaf.der"), leafCertificate.getEncoded());
      KeyStore store = KeyStore.getInstance(request[2], "BC");
      store.load(null, null);
      store.setKeyEntry("the key", leaf.getPrivate(), null, new Certificate[] {leafCertificate, rootCertificate});
      try (OutputStream out = Files.newOutputStream(folder.resolve(request[1] + ".pfx"))) {
        store.store(out, request[3].toCharArray());
      }
      System.out.println("ok");
    }
  }

  private static KeyPair pair() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "BC");
    generator.initialize(new ECGenParameterSpec("sm2p256v1"));
    return generator.generateKeyPair();
  }

  private static X509Certificate certificate(String subject, KeyPair key, String issuer, KeyPair issuerKey) throws Exception {
    Date from = new Date(1767225600000L);
    Date to = new Date(1798761600000L);
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
        new X500Name(issuer), BigInteger.valueOf(subject.hashCode() & 0xffff), from, to, new X500Name(subject), key.getPublic());
    return new JcaX509CertificateConverter().setProvider("BC").getCertificate(
        builder.build(new JcaContentSignerBuilder("SM3withSM2").setProvider("BC").build(issuerKey.getPrivate())));
  }
}
