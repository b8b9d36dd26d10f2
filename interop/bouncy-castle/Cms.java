// Bouncy Castle as the other side of SM2 signed messages. One file, run by the source launcher:
//
//   java -cp bcprov.jar:bcpkix.jar:bcutil.jar Cms.java <mode> <arguments>
//   java -cp bcprov.jar:bcpkix.jar:bcutil.jar Cms.java              one "<mode> TAB <argument> TAB ..." a line on standard
//                                                                  input, one line of JSON out for each: a single JVM
//
// make <folder>
//   Makes an SM2 root and leaf (SM3withSM2, signer ID 1234567812345678) and one content, and writes
//     root.der leaf.der         certificates
//     leaf.key                  the leaf's private key, PKCS #8 DER (test material, new on every run)
//     content.bin               5,000 octets
//     <family>-<attached|detached>-<attrs|noattrs>.<der|ber>.p7s
//   family cms: id-signedData (RFC 5652) from CMSSignedDataGenerator; family gm: GM/T 0010 object identifiers, put
//   together from BC's ASN.1 and SM2Signer. ber: indefinite lengths. Then cms-stream.ber.p7s, from
//   CMSSignedDataStreamGenerator: content in a constructed OCTET STRING of 1,000-octet segments.
//   No attributes: the signature is over the content. Attributes: contentType, messageDigest = SM3(content), signingTime
//   (cms only). Prints {"files":[…]}.
//
// verify <message> [<content>]
//   Verifies every signer with the certificates the message carries; <content> is needed for a detached message. No path
//   validation. Prints {"verified":bool,"code":"…"} with code OK, NO_SIGNERS, CONTENT_MISSING, CONTENT_TWICE,
//   SIGNER_CERTIFICATE_MISSING, DIGEST_MISMATCH, SIGNATURE_INVALID or MALFORMED.
//
// inspect <message>…
//   Prints a JSON array, one object a message: {"file","contentType","version","eContentType","contentLength" (-1 when
//   detached),"certificates","crls","signers":[{"version","serial" (hex of the magnitude) or "ski","digest","signature",
//   "attributes" (-1 when absent)}]} or {"file","error"}.
//
// Exit status 0 whenever JSON was printed; anything else is a fault of the run, not a verdict.

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.*;
import org.bouncycastle.asn1.cms.Attribute;
import org.bouncycastle.asn1.cms.CMSAttributes;
import org.bouncycastle.asn1.cms.ContentInfo;
import org.bouncycastle.asn1.cms.IssuerAndSerialNumber;
import org.bouncycastle.asn1.cms.SignedData;
import org.bouncycastle.asn1.cms.SignerInfo;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.JcaSignerInfoGeneratorBuilder;
import org.bouncycastle.cms.jcajce.JcaSimpleSignerInfoVerifierBuilder;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.digests.SM3Digest;
import org.bouncycastle.crypto.params.ParametersWithID;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;
import org.bouncycastle.util.Selector;
import org.bouncycastle.util.encoders.Hex;

public class Cms {
  static final ASN1ObjectIdentifier GM_DATA = new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.1");
  static final ASN1ObjectIdentifier GM_SIGNED_DATA = new ASN1ObjectIdentifier("1.2.156.10197.6.1.4.2.2");
  static final ASN1ObjectIdentifier SM2_SIGN = new ASN1ObjectIdentifier("1.2.156.10197.1.301.1");
  static final byte[] SIGNER_ID = "1234567812345678".getBytes(StandardCharsets.US_ASCII);

  public static void main(String[] args) throws Exception {
    Security.addProvider(new BouncyCastleProvider());
    if (args.length > 0) {
      System.out.println(run(args));
      return;
    }
    BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) System.out.println(run(line.split("\t")));
  }

  static String run(String[] args) throws Exception {
    String mode = args[0];
    if (mode.equals("make") && args.length == 2) return make(Path.of(args[1]));
    if (mode.equals("verify") && (args.length == 2 || args.length == 3)) return verify(args);
    if (mode.equals("inspect") && args.length > 1) return inspect(args);
    throw new IllegalArgumentException("usage: make <folder> | verify <message> [<content>] | inspect <message>...");
  }

  // ---- make

  static String make(Path folder) throws Exception {
    Files.createDirectories(folder);
    KeyPair rootKey = newKey();
    KeyPair leafKey = newKey();
    X500Name rootName = new X500Name("C=CN,O=Interop,CN=Interop SM2 Root");
    X509Certificate root = certificate(rootName, rootName, BigInteger.valueOf(1), rootKey, rootKey, true);
    BigInteger serial = new BigInteger("00c0ffee0123456789", 16);
    X509Certificate leaf = certificate(rootName, new X500Name("C=CN,O=Interop,CN=Interop SM2 Signer"), serial, leafKey, rootKey, false);
    byte[] content = new byte[5000];
    for (int i = 0; i < content.length; i++) content[i] = (byte) (i * 31 + (i >> 8));

    List<String> files = new ArrayList<>();
    write(folder, "root.der", root.getEncoded(), files);
    write(folder, "leaf.der", leaf.getEncoded(), files);
    write(folder, "leaf.key", leafKey.getPrivate().getEncoded(), files);
    write(folder, "content.bin", content, files);

    for (boolean attached : new boolean[] {true, false}) {
      for (boolean attributes : new boolean[] {true, false}) {
        String shape = (attached ? "attached" : "detached") + (attributes ? "-attrs" : "-noattrs");
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(signerBuilder(attributes).build(signer(leafKey.getPrivate()), leaf));
        generator.addCertificates(new JcaCertStore(Arrays.asList(leaf, root)));
        CMSSignedData cms = generator.generate(new CMSProcessableByteArray(content), attached);
        write(folder, "cms-" + shape + ".ber.p7s", cms.toASN1Structure().getEncoded(ASN1Encoding.BER), files);
        write(folder, "cms-" + shape + ".der.p7s", cms.toASN1Structure().getEncoded(ASN1Encoding.DER), files);
        write(folder, "gm-" + shape + ".ber.p7s", gm(content, attached, attributes, leafKey.getPrivate(), leaf, root, true), files);
        write(folder, "gm-" + shape + ".der.p7s", gm(content, attached, attributes, leafKey.getPrivate(), leaf, root, false), files);
      }
    }

    CMSSignedDataStreamGenerator stream = new CMSSignedDataStreamGenerator();
    stream.setBufferSize(1000);
    stream.addSignerInfoGenerator(signerBuilder(true).build(signer(leafKey.getPrivate()), leaf));
    stream.addCertificates(new JcaCertStore(Arrays.asList(leaf, root)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (java.io.OutputStream sink = stream.open(out, true)) {
      sink.write(content);
    }
    write(folder, "cms-stream.ber.p7s", out.toByteArray(), files);

    StringBuilder json = new StringBuilder("{\"files\":[");
    for (int i = 0; i < files.size(); i++) json.append(i == 0 ? "" : ",").append(quote(files.get(i)));
    return json.append("]}").toString();
  }

  static void write(Path folder, String name, byte[] bytes, List<String> files) throws IOException {
    Files.write(folder.resolve(name), bytes);
    files.add(name);
  }

  static KeyPair newKey() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", "BC");
    generator.initialize(new ECGenParameterSpec("sm2p256v1"));
    return generator.generateKeyPair();
  }

  static org.bouncycastle.operator.ContentSigner signer(PrivateKey key) throws Exception {
    return new JcaContentSignerBuilder("SM3withSM2").setProvider("BC").build(key);
  }

  static JcaSignerInfoGeneratorBuilder signerBuilder(boolean attributes) throws Exception {
    return new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build()).setDirectSignature(!attributes);
  }

  static X509Certificate certificate(X500Name issuer, X500Name subject, BigInteger serial, KeyPair key, KeyPair issuerKey, boolean ca) throws Exception {
    Date from = new Date(1735689600000L); // 2025-01-01
    Date to = new Date(2051222400000L); // 2035-01-01
    JcaX509ExtensionUtils extensions = new JcaX509ExtensionUtils();
    JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(issuer, serial, from, to, subject, key.getPublic());
    builder.addExtension(Extension.subjectKeyIdentifier, false, extensions.createSubjectKeyIdentifier(key.getPublic()));
    builder.addExtension(Extension.authorityKeyIdentifier, false, extensions.createAuthorityKeyIdentifier(issuerKey.getPublic()));
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    builder.addExtension(Extension.keyUsage, true,
        new KeyUsage(ca ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature | KeyUsage.nonRepudiation));
    return new JcaX509CertificateConverter().setProvider("BC").getCertificate(builder.build(signer(issuerKey.getPrivate())));
  }

  static byte[] gm(byte[] content, boolean attached, boolean attributes, PrivateKey key, X509Certificate leaf, X509Certificate root, boolean ber) throws Exception {
    AlgorithmIdentifier sm3 = new AlgorithmIdentifier(GMObjectIdentifiers.sm3, DERNull.INSTANCE);
    ASN1Encodable octets = ber ? new BEROctetString(content) : new DEROctetString(content);
    ASN1EncodableVector contentInfo = new ASN1EncodableVector();
    contentInfo.add(GM_DATA);
    if (attached) contentInfo.add(ber ? new BERTaggedObject(true, 0, octets) : new DERTaggedObject(true, 0, octets));

    byte[] signed = content;
    ASN1Set signedAttributes = null;
    if (attributes) {
      ASN1EncodableVector set = new ASN1EncodableVector();
      set.add(new Attribute(CMSAttributes.contentType, new DERSet(GM_DATA)));
      set.add(new Attribute(CMSAttributes.messageDigest, new DERSet(new DEROctetString(sm3(content)))));
      signedAttributes = new DERSet(set);
      signed = signedAttributes.getEncoded(ASN1Encoding.DER);
    }
    SM2Signer sm2 = new SM2Signer();
    sm2.init(true, new ParametersWithID(PrivateKeyFactory.createKey(key.getEncoded()), SIGNER_ID));
    sm2.update(signed, 0, signed.length);
    byte[] signature = sm2.generateSignature();

    ASN1EncodableVector signer = new ASN1EncodableVector();
    signer.add(new ASN1Integer(1));
    signer.add(new IssuerAndSerialNumber(new X509CertificateHolder(leaf.getEncoded()).toASN1Structure()));
    signer.add(sm3);
    if (signedAttributes != null) signer.add(new DERTaggedObject(false, 0, signedAttributes));
    signer.add(new AlgorithmIdentifier(SM2_SIGN));
    signer.add(new DEROctetString(signature));

    ASN1EncodableVector certificates = new ASN1EncodableVector();
    certificates.add(ASN1Primitive.fromByteArray(leaf.getEncoded()));
    certificates.add(ASN1Primitive.fromByteArray(root.getEncoded()));
    ASN1EncodableVector signedData = new ASN1EncodableVector();
    signedData.add(new ASN1Integer(1));
    signedData.add(new DERSet(sm3));
    signedData.add(ber ? new BERSequence(contentInfo) : new DERSequence(contentInfo));
    signedData.add(ber ? new BERTaggedObject(false, 0, new BERSet(certificates)) : new DERTaggedObject(false, 0, new DERSet(certificates)));
    signedData.add(new DERSet(new DERSequence(signer)));
    ASN1EncodableVector outer = new ASN1EncodableVector();
    outer.add(GM_SIGNED_DATA);
    outer.add(ber ? new BERTaggedObject(true, 0, new BERSequence(signedData)) : new DERTaggedObject(true, 0, new DERSequence(signedData)));
    return (ber ? new BERSequence(outer) : new DERSequence(outer)).getEncoded(ber ? ASN1Encoding.BER : ASN1Encoding.DER);
  }

  static byte[] sm3(byte[] content) {
    SM3Digest digest = new SM3Digest();
    digest.update(content, 0, content.length);
    byte[] value = new byte[32];
    digest.doFinal(value, 0);
    return value;
  }

  // ---- verify

  static String verify(String[] args) throws Exception {
    byte[] message = Files.readAllBytes(Path.of(args[1]));
    byte[] external = args.length == 3 ? Files.readAllBytes(Path.of(args[2])) : null;
    String code;
    try {
      ContentInfo info = ContentInfo.getInstance(ASN1Primitive.fromByteArray(message));
      SignedData signedData = SignedData.getInstance(info.getContent());
      ASN1OctetString attached = (ASN1OctetString) signedData.getEncapContentInfo().getContent();
      if (attached != null && external != null) code = "CONTENT_TWICE";
      else if (attached == null && external == null) code = "CONTENT_MISSING";
      else if (signedData.getSignerInfos().size() == 0) code = "NO_SIGNERS";
      else {
        byte[] content = attached == null ? external : attached.getOctets();
        code = info.getContentType().equals(GM_SIGNED_DATA) ? verifyGm(signedData, content) : verifyCms(message, external);
      }
    } catch (IllegalArgumentException | IOException | CMSException | ClassCastException e) {
      System.err.println(e);
      code = "MALFORMED";
    }
    return "{\"verified\":" + code.equals("OK") + ",\"code\":" + quote(code) + "}";
  }

  @SuppressWarnings("unchecked")
  static String verifyCms(byte[] message, byte[] external) throws CMSException {
    CMSSignedData cms = external == null ? new CMSSignedData(message) : new CMSSignedData(new CMSProcessableByteArray(external), message);
    for (SignerInformation signer : cms.getSignerInfos().getSigners()) {
      Collection<X509CertificateHolder> found = cms.getCertificates().getMatches((Selector<X509CertificateHolder>) signer.getSID());
      if (found.isEmpty()) return "SIGNER_CERTIFICATE_MISSING";
      try {
        // The holder goes in by its public key: the certificate's validity period is the caller's business.
        java.security.PublicKey key = new JcaX509CertificateConverter().setProvider("BC").getCertificate(found.iterator().next()).getPublicKey();
        if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(key))) return "SIGNATURE_INVALID";
      } catch (CMSSignerDigestMismatchException e) {
        return "DIGEST_MISMATCH";
      } catch (Exception e) {
        System.err.println(e);
        return "SIGNATURE_INVALID";
      }
    }
    return "OK";
  }

  static String verifyGm(SignedData signedData, byte[] content) throws IOException {
    for (ASN1Encodable element : signedData.getSignerInfos()) {
      SignerInfo signer = SignerInfo.getInstance(element);
      X509CertificateHolder certificate = null;
      IssuerAndSerialNumber sid = IssuerAndSerialNumber.getInstance(signer.getSID().getId());
      if (signedData.getCertificates() != null) {
        for (ASN1Encodable candidate : signedData.getCertificates()) {
          X509CertificateHolder holder = new X509CertificateHolder(candidate.toASN1Primitive().getEncoded());
          if (holder.getIssuer().equals(sid.getName()) && holder.getSerialNumber().equals(sid.getSerialNumber().getValue())) certificate = holder;
        }
      }
      if (certificate == null) return "SIGNER_CERTIFICATE_MISSING";
      byte[] signed = content;
      if (signer.getAuthenticatedAttributes() != null) {
        byte[] digest = null;
        boolean typed = false;
        for (ASN1Encodable a : signer.getAuthenticatedAttributes()) {
          Attribute attribute = Attribute.getInstance(a);
          if (attribute.getAttrType().equals(CMSAttributes.messageDigest)) digest = ASN1OctetString.getInstance(attribute.getAttrValues().getObjectAt(0)).getOctets();
          if (attribute.getAttrType().equals(CMSAttributes.contentType)) typed = attribute.getAttrValues().getObjectAt(0).equals(signedData.getEncapContentInfo().getContentType());
        }
        if (!typed || digest == null) return "MALFORMED";
        if (!Arrays.equals(digest, sm3(content))) return "DIGEST_MISMATCH";
        signed = signer.getAuthenticatedAttributes().getEncoded(ASN1Encoding.DER);
      }
      CipherParameters key = PublicKeyFactory.createKey(certificate.getSubjectPublicKeyInfo());
      SM2Signer sm2 = new SM2Signer();
      sm2.init(false, new ParametersWithID(key, SIGNER_ID));
      sm2.update(signed, 0, signed.length);
      if (!sm2.verifySignature(signer.getEncryptedDigest().getOctets())) return "SIGNATURE_INVALID";
    }
    return "OK";
  }

  // ---- inspect

  static String inspect(String[] args) {
    StringBuilder json = new StringBuilder("[");
    for (int i = 1; i < args.length; i++) json.append(i == 1 ? "" : ",").append(inspectOne(args[i]));
    return json.append("]").toString();
  }

  static String inspectOne(String file) {
    StringBuilder json = new StringBuilder("{\"file\":" + quote(Path.of(file).getFileName().toString()));
    try {
      ContentInfo info = ContentInfo.getInstance(ASN1Primitive.fromByteArray(Files.readAllBytes(Path.of(file))));
      SignedData signedData = SignedData.getInstance(info.getContent());
      ASN1Encodable content = signedData.getEncapContentInfo().getContent();
      json.append(",\"contentType\":").append(quote(info.getContentType().getId()));
      json.append(",\"version\":").append(signedData.getVersion().getValue());
      json.append(",\"eContentType\":").append(quote(signedData.getEncapContentInfo().getContentType().getId()));
      json.append(",\"contentLength\":").append(content == null ? -1 : ((ASN1OctetString) content).getOctets().length);
      json.append(",\"certificates\":").append(signedData.getCertificates() == null ? 0 : signedData.getCertificates().size());
      json.append(",\"crls\":").append(signedData.getCRLs() == null ? 0 : signedData.getCRLs().size());
      json.append(",\"signers\":[");
      String separator = "";
      for (ASN1Encodable element : signedData.getSignerInfos()) {
        SignerInfo signer = SignerInfo.getInstance(element);
        json.append(separator).append("{\"version\":").append(signer.getVersion().getValue());
        if (signer.getSID().isTagged()) {
          json.append(",\"ski\":").append(quote(Hex.toHexString(ASN1OctetString.getInstance(signer.getSID().getId()).getOctets())));
        } else {
          json.append(",\"serial\":").append(quote(IssuerAndSerialNumber.getInstance(signer.getSID().getId()).getSerialNumber().getValue().toString(16)));
        }
        json.append(",\"digest\":").append(quote(signer.getDigestAlgorithm().getAlgorithm().getId()));
        json.append(",\"signature\":").append(quote(signer.getDigestEncryptionAlgorithm().getAlgorithm().getId()));
        json.append(",\"attributes\":").append(signer.getAuthenticatedAttributes() == null ? -1 : signer.getAuthenticatedAttributes().size()).append("}");
        separator = ",";
      }
      return json.append("]}").toString();
    } catch (Exception e) {
      return json.append(",\"error\":").append(quote(String.valueOf(e.getMessage()))).append("}").toString();
    }
  }

  static String quote(String text) {
    StringBuilder out = new StringBuilder("\"");
    for (char c : text.toCharArray()) {
      if (c == '"' || c == '\\') out.append('\\').append(c);
      else if (c < 0x20) out.append(String.format("\\u%04x", (int) c));
      else out.append(c);
    }
    return out.append('"').toString();
  }
}
