import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.security.SecureRandom;
import org.bouncycastle.asn1.x9.X9ECParameters;
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
      default:
        throw new IllegalArgumentException(request[0]);
    }
  }

  private static byte[] octets(String text) {
    return text.equals("-") ? new byte[0] : Hex.decode(text);
  }
}
