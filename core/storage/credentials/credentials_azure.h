/* SPDX-License-Identifier: Apache-2.0 */
/*
 * credentials_azure - the token that requests to Azure show where there is neither an account key
 * nor a shared access signature: of a client with a secret, of a pod's workload identity, of the
 * managed identity of a machine.
 */
#ifndef FLYTECTX_STORAGE_CREDENTIALS_AZURE_H
#define FLYTECTX_STORAGE_CREDENTIALS_AZURE_H

#include "storage/credentials/credentials_token.h"

bool credentials_azure_get(struct credentials *token, struct error *error);

credentials_source credentials_azure_client, credentials_azure_workload, credentials_azure_machine;

#endif
