// Bouncy Castle reads time-stamps back out of signed messages. One file, run by the source launcher:
//
//   java -cp bcprov.jar:bcpkix.jar:bcutil.jar LongTerm.java       one message file a line on standard input, one line of
//                                                                JSON out for each: a single JVM
//
// For every signer of the message (CMS or GM/T 0010), in order: {"signature": hex of the value, "timestamps": […],
// "archive": […], "countersignatures": number, "ocsp": BasicOCSPResponses among its revocation-values}. A time-stamp is
// {"code","imprint" (hex),"algorithm" (OID),"genTime" (epoch milliseconds)}; code is OK when TimeStampToken.validate takes it
// with the certificate it carries (signature, ESSCertID, critical timeStamping, validity at genTime), otherwise INVALID or
// CERTIFICATE_MISSING. An archive time-stamp has besides "index": {"algorithm","certificates","crls","attributes"}, the
// lengths of its ATSHashIndexV3. {"error"} for what cannot be read.

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Security;
import java.util.Collection;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.AttributeTable;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.esf.RevocationValues;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cms.CMSSignedData;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.tsp.TSPException;
import org.bouncycastle.tsp.TimeStampToken;
import org.bouncycastle.util.Selector;
import org.bouncycastle.util.encoders.Hex;

public class LongTerm {
  static final ASN1ObjectIdentifier ARCHIVE_V3 = new ASN1ObjectIdentifier("0.4.0.1733.2.4");
  static final ASN1ObjectIdentifier HASH_INDEX_V3 = new ASN1ObjectIdentifier("0.4.0.19122.1.5");

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(read(Path.of(line)));
  }

  static String read(Path file) {
    try {
      SignedData message = SignedData.getInstance(ContentInfo.getInstance(ASN1Primitive.fromByteArray(Files.readAllBytes(file))).getContent());
      StringBuilder json = new StringBuilder("[");
      for (ASN1Encodable element : message.getSignerInfos()) {
        if (json.length() > 1) json.append(',');
        json.append(signer(SignerInfo.getInstance(element)));
      }
      return json.append(']').toString();
    } catch (Exception e) {
      System.err.println(e);
      return "{\"error\":\"" + e.getClass().getSimpleName() + "\"}";
    }
  }

  static String signer(SignerInfo info) throws Exception {
    StringBuilder timestamps = new StringBuilder();
    StringBuilder archive = new StringBuilder();
    int countersignatures = 0;
    int ocsp = 0;
    AttributeTable attributes = new AttributeTable(info.getUnauthenticatedAttributes() == null ? new DERSet() : info.getUnauthenticatedAttributes());
    ASN1EncodableVector all = attributes.toASN1EncodableVector();
    for (int i = 0; i < all.size(); i++) {
      Attribute attribute = Attribute.getInstance(all.get(i));
      for (ASN1Encodable value : attribute.getAttrValues()) {
        if (attribute.getAttrType().equals(PKCSObjectIdentifiers.id_aa_signatureTimeStampToken)) {
          timestamps.append(timestamps.length() == 0 ? "" : ",").append(timestamp(value, false));
        } else if (attribute.getAttrType().equals(ARCHIVE_V3)) {
          archive.append(archive.length() == 0 ? "" : ",").append(timestamp(value, true));
        } else if (attribute.getAttrType().equals(CMSAttributes.counterSignature)) {
          SignerInfo.getInstance(value);
          countersignatures++;
        } else if (attribute.getAttrType().equals(PKCSObjectIdentifiers.id_aa_ets_revocationValues)) {
          ocsp += RevocationValues.getInstance(value).getOcspVals().length;
        }
      }
    }
    return "{\"signature\":\"" + Hex.toHexString(info.getEncryptedDigest().getOctets()) + "\",\"timestamps\":[" + timestamps + "],\"archive\":[" + archive
        + "],\"countersignatures\":" + countersignatures + ",\"ocsp\":" + ocsp + "}";
  }

  @SuppressWarnings("unchecked")
  static String timestamp(ASN1Encodable value, boolean indexed) throws Exception {
    TimeStampToken token = new TimeStampToken(new CMSSignedData(value.toASN1Primitive().getEncoded()));
    Collection<X509CertificateHolder> found = token.getCertificates().getMatches((Selector<X509CertificateHolder>) (Selector<?>) token.getSID());
    String code = "OK";
    if (found.isEmpty()) code = "CERTIFICATE_MISSING";
    else {
      try {
        token.validate(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(found.iterator().next()));
      } catch (TSPException e) {
        System.err.println(e);
        code = "INVALID";
      }
    }
    StringBuilder json = new StringBuilder("{\"code\":\"" + code + "\",\"imprint\":\"" + Hex.toHexString(token.getTimeStampInfo().getMessageImprintDigest())
        + "\",\"algorithm\":\"" + token.getTimeStampInfo().getMessageImprintAlgOID().getId() + "\",\"genTime\":" + token.getTimeStampInfo().getGenTime().getTime());
    if (indexed) {
      ASN1Sequence index = ASN1Sequence.getInstance(token.getUnsignedAttributes().get(HASH_INDEX_V3).getAttrValues().getObjectAt(0));
      json.append(",\"index\":{\"algorithm\":\"").append(AlgorithmIdentifier.getInstance(index.getObjectAt(0)).getAlgorithm().getId())
          .append("\",\"certificates\":").append(ASN1Sequence.getInstance(index.getObjectAt(1)).size())
          .append(",\"crls\":").append(ASN1Sequence.getInstance(index.getObjectAt(2)).size())
          .append(",\"attributes\":").append(ASN1Sequence.getInstance(index.getObjectAt(3)).size()).append('}');
    }
    return json.append('}').toString();
  }
}
