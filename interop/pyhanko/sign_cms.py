"""Signs files with pyHanko's CSC client: sign_cms.py <service> <token> <PIN> <credential> <file>... ; writes <file>.p7s, one batch."""
import asyncio
import sys

import aiohttp
from pyhanko.sign.signers.csc_signer import CSCAuthorizationManager, CSCServiceSessionInfo, CSCSigner, fetch_certs_in_csc_credential


class WithPin(CSCAuthorizationManager):
    def __init__(self, session, info, credential, pin):
        super().__init__(info, credential)
        self.session, self.pin = session, pin

    async def authorize_signature(self, hash_b64s):
        request = self.format_csc_auth_request(num_signatures=len(hash_b64s), pin=self.pin, hash_b64s=hash_b64s)
        url = self.csc_session_info.endpoint_url('credentials/authorize')
        async with self.session.post(url, headers=self.auth_headers, json=request, raise_for_status=True) as response:
            return self.parse_csc_auth_response(await response.json())


async def main(service, token, pin, credential_id, *files):
    info = CSCServiceSessionInfo(service_url=service, credential_id=credential_id, oauth_token=token)
    async with aiohttp.ClientSession() as session:
        credential = await fetch_certs_in_csc_credential(session, info)
        signer = CSCSigner(session, WithPin(session, info, credential, pin), batch_size=len(files), batch_autocommit=True)

        async def sign(file):
            with open(file, 'rb') as content:
                message = await signer.async_sign_general_data(content, digest_algorithm='sha256', detached=True)
            with open(file + '.p7s', 'wb') as out:
                out.write(message.dump())

        await asyncio.gather(*(sign(file) for file in files))


asyncio.run(main(*sys.argv[1:]))
