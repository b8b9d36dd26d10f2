import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.x9.X9ECParameters;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.crypto.params.ECPrivateKeyParameters;
import org.bouncycastle.crypto.params.ECPublicKeyParameters;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.params.ParametersWithRandom;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.asn1.gm.GMNamedCurves;
import org.bouncycastle.util.encoders.Hex;

/**
 * Signs and verifies SM2 over hexadecimal arguments, one request a line, one answer a line:
 *
 *   public d                       -> 04 || X || Y
 *   sign   d     id message        -> DER signature
 *   verify point id message der    -> true or false
 *   digests    point content              -> SM3(content), then SM3(Z || content)
 *   signForm   form d content attributes  -> DER signature over what a GM/T 0010 message of this form signs
 *   verifyForm form point content attributes der -> true or false
 *
 * Forms: za-content, plain-content, contentinfo-der, attrs-za, attrs-za-md-za, digest-as-message; attributes are the
 * DER of the SET OF, or "-".
 *
 * An empty octet string is written "-".
 */
public class Sm2Raw {
  private static final X9ECParameters X9 = GMNamedCurves.getByName("sm2p256v1");
  private static final ECDomainParameters CURVE =
      new ECDomainParameters(X9.getCurve(), X9.getG(), X9.getN(), X9.getH());

  public static void main(String[] args) throws Exception {
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println(answer(line.split(" ")));
    }
  }

  private static String answer(String[] request) throws Exception {
    switch (request[0]) {
      case "public":
        return Hex.toHexString(CURVE.getG().multiply(new BigInteger(request[1], 16)).normalize().getEncoded(false));
      case "sign": {
        SM2Signer signer = new SM2Signer();
        ECPrivateKeyParameters key = new ECPrivateKeyParameters(new BigInteger(request[1], 16), CURVE);
        signer.init(true, new ParametersWithID(new ParametersWithRandom(key, new SecureRandom()), octets(request[2])));
        byte[] message = octets(request[3]);
        signer.update(message, 0, message.length);
        return Hex.toHexString(signer.generateSignature());
      }
      case "verify": {
        SM2Signer signer = new SM2Signer();
        ECPublicKeyParameters key = new ECPublicKeyParameters(X9.getCurve().decodePoint(octets(request[1])), CURVE);
        signer.init(false, new ParametersWithID(key, octets(request[2])));
        byte[] message = octets(request[3]);
        signer.update(message, 0, message.length);
        return Boolean.toString(signer.verifySignature(octets(request[4])));
      }
      case "digests": {
        ECPublicKeyParameters key = new ECPublicKeyParameters(X9.getCurve().decodePoint(octets(request[1])), CURVE);
        byte[] content = octets(request[2]);
        return Hex.toHexString(sm3(content)) + " " + Hex.toHexString(sm3(zOf(key), content));
      }
      case "signForm": {
        BigInteger d = new BigInteger(request[2], 16);
        ECPrivateKeyParameters key = new ECPrivateKeyParameters(d, CURVE);
        ECPublicKeyParameters point = new ECPublicKeyParameters(CURVE.getG().multiply(d), CURVE);
        SM2Signer signer = new SM2Signer(new Given(hashOf(request[1], point, octets(request[3]), octets(request[4]))));
        signer.init(true, new ParametersWithRandom(key, new SecureRandom()));
        return Hex.toHexString(signer.generateSignature());
      }
      case "verifyForm": {
        ECPublicKeyParameters key = new ECPublicKeyParameters(X9.getCurve().decodePoint(octets(request[2])), CURVE);
        SM2Signer signer = new SM2Signer(new Given(hashOf(request[1], key, octets(request[3]), octets(request[4]))));
        signer.init(false, key);
        return Boolean.toString(signer.verifySignature(octets(request[5])));
      }
      default:
        throw new IllegalArgumentException(request[0]);
    }
  }

  /** The hash e that a message of this form signs. */
  private static byte[] hashOf(String form, ECPublicKeyParameters key, byte[] content, byte[] attributes) throws Exception {
    switch (form) {
      case "za-content":
        return sm3(zOf(key), content);
      case "plain-content":
        return sm3(content);
      case "contentinfo-der":
        return sm3(new ContentInfo(new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.1"), new DEROctetString(content)).getEncoded("DER"));
      case "attrs-za":
      case "attrs-za-md-za":
        return sm3(zOf(key), attributes);
      case "digest-as-message":
        return sm3(zOf(key), sm3(content));
      default:
        throw new IllegalArgumentException(form);
    }
  }

  private static byte[] sm3(byte[]... parts) {
    SM3Digest digest = new SM3Digest();
    for (byte[] part : parts) digest.update(part, 0, part.length);
    byte[] out = new byte[32];
    digest.doFinal(out, 0);
    return out;
  }

  /** Z as Bouncy Castle hands it to the digest before the message. */
  private static byte[] zOf(ECPublicKeyParameters key) {
    Listening digest = new Listening();
    new SM2Signer(digest).init(false, key);
    return digest.last;
  }

  /** SM3 that remembers the octets it was given last. */
  private static class Listening extends SM3Digest {
    byte[] last;

    @Override
    public void update(byte[] in, int from, int length) {
      last = java.util.Arrays.copyOfRange(in, from, from + length);
      super.update(in, from, length);
    }
  }

  /** SM3 whose result is known already: the signer then signs this very hash. */
  private static class Given extends SM3Digest {
    private final byte[] hash;

    Given(byte[] hash) {
      this.hash = hash;
    }

    @Override
    public int doFinal(byte[] out, int at) {
      super.doFinal(out, at);
      System.arraycopy(hash, 0, out, at, hash.length);
      return hash.length;
    }
  }

  private static byte[] octets(String text) {
    return text.equals("-") ? new byte[0] : Hex.decode(text);
  }
}
