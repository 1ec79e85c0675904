/* SPDX-License-Identifier: Apache-2.0 */
/*
 * doctor_preload - would the loader of CMD find the preload, by LD_PRELOAD or
 * /etc/ld.so.preload?
 */
#ifndef FLYTECTX_DOCTOR_PRELOAD_H
#define FLYTECTX_DOCTOR_PRELOAD_H

#include "command/doctor/diagnosis.h"
#include "command/program/elf_libc.h"

/* In a task CMD has the LD_PRELOAD that is here; outside, the one that `flytectx run` makes. */
void doctor_preload(struct diagnosis *diagnosis, enum elf_loader loader, bool in_a_task);

#endif
