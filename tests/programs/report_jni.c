/* SPDX-License-Identifier: Apache-2.0 */
/* report() for Routes.java. Returns the calling thread's id, or -1. */
#include <jni.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "report.h"

JNIEXPORT jint JNICALL Java_Routes_report(JNIEnv *env, jclass class, jstring log, jstring label)
{
	const char *log_file = (*env)->GetStringUTFChars(env, log, NULL);
	const char *text = (*env)->GetStringUTFChars(env, label, NULL);
	int failed = !log_file || !text || report(log_file, text, NULL, 0);

	(void)class;
	if (text)
		(*env)->ReleaseStringUTFChars(env, label, text);
	if (log_file)
		(*env)->ReleaseStringUTFChars(env, log, log_file);
	return failed ? -1 : (jint)syscall(SYS_gettid);
}
